from collections.abc import Sequence
from functools import reduce
from operator import add

from procdsl.codegen.onnx.axes import (
    KEPT,
    gather_along,
    largest,
    pad,
    part,
    reshape,
    squeeze,
    stack,
    unsqueeze,
)
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import clip, is_nan, log, maximum, minimum, where


def newton_step(
    x: Tensor, rows: Tensor, columns: Tensor, scores: Tensor, udp: bool, kernel: Sequence[float]
) -> Tensor:
    """From places (column, row) of maps [..., h, w] to the peaks of their blurred logarithms.

    What is computed of scores that are not finite, or of a map that has none above 0, is left out:
    they count as 1.
    """
    h, w = x.size(-2), x.size(-1)
    blurred = reshape(blurred_maps(x, kernel), [*[KEPT] * (x.rank - 2), h * w])
    highest = squeeze(largest(blurred, [-1]), -1)
    inside = ~is_nan(scores) & (abs(scores) < float("inf")) & (highest > 0)
    share = where(inside, scores.cast("f64"), 1) / where(inside, highest, 1)
    near = {}
    for dy in range(-2, 3):
        for dx in range(-2, 3):
            at = clip(rows + dy, 0, h - 1) * w + clip(columns + dx, 0, w - 1)
            found = squeeze(gather_along(blurred, unsqueeze(at, -1), -1), -1) * share
            if udp:
                found = minimum(maximum(found, 1e-3), 50.0)
            near[dy, dx] = log(maximum(found, 1e-10))
    middle = near[0, 0]
    gx, gy = (near[0, 1] - near[0, -1]) * 0.5, (near[1, 0] - near[-1, 0]) * 0.5
    if udp:
        dxx = near[0, 1] - middle * 2 + near[0, -1] + 2.0**-23
        dyy = near[1, 0] - middle * 2 + near[-1, 0] + 2.0**-23
        dxy = near[1, 1] - near[0, 1] - near[1, 0] + middle
        dxy = (dxy + middle - near[0, -1] - near[-1, 0] + near[-1, -1]) * 0.5
    else:
        dxx = (near[0, 2] - middle * 2 + near[0, -2]) * 0.25
        dyy = (near[2, 0] - middle * 2 + near[-2, 0]) * 0.25
        dxy = (near[1, 1] - near[-1, 1] - near[1, -1] + near[-1, -1]) * 0.25
        inside = inside & (columns > 1) & (columns < w - 2) & (rows > 1) & (rows < h - 2)
    area = dxx * dyy - dxy * dxy
    inside = inside & ~area.equals(0)
    step = stack([dxy * gy - dyy * gx, dxy * gx - dxx * gy], -1)
    return where(unsqueeze(inside, -1), step / unsqueeze(where(inside, area, 1), -1), 0)


def blurred_maps(x: Tensor, kernel: Sequence[float]) -> Tensor:
    """Maps, with 0 round them and for what is not finite, blurred along both axes in float64."""
    reach, h, w = len(kernel) // 2, x.size(-2), x.size(-1)
    finite = where(~is_nan(x) & (abs(x) < float("inf")), x, 0).cast("f64")
    padded = pad(finite, [reach, reach], [reach, reach])
    across = weighed(padded, kernel, w, -1)
    return weighed(across, kernel, h, -2)


def weighed(x: Tensor, kernel: Sequence[float], size: Size, axis: int) -> Tensor:
    """The sums along an axis of so many numbers in a row times those of the kernel."""
    return reduce(add, (part(x, i, size + i, axis) * k for i, k in enumerate(kernel)))
