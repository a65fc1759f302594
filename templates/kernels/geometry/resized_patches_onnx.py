from typing import Any

from procdsl.codegen.onnx.axes import one, stack
from procdsl.codegen.onnx.control import repeat
from procdsl.codegen.onnx.graph import Number, Size, Tensor
from procdsl.codegen.onnx.operators import (
    ceil,
    maximum,
    minimum,
    ratio,
    real,
    square_root,
    tensor,
    where,
    whole,
)

from .placement_onnx import Placement
from .resized_onnx import resized

ROUNDS = 24
"""After how many halvings 1e-6 and 100 are less than 1e-5 apart, whichever half is taken."""


def resized_patches(h: Size, w: Size, patch: int, most: int, rounding: str) -> Placement:
    """Sides of whole patches, as large as a number of patches allows."""
    if rounding == "floor":
        scale = square_root(most * ratio(patch, h) * ratio(patch, w))
        counts = [whole(scale * real(side) / patch) for side in (h, w)]
        rows, columns = (maximum(minimum(count, most), 1) for count in counts)
        return resized(h, w, rows * patch, columns * patch)
    low = largest_scale(h, w, patch, most)
    rows, columns = (patches_along(real(side) * low, patch) for side in (h, w))
    return resized(h, w, rows * patch, columns * patch)


def largest_scale(h: Size, w: Size, patch: int, most: int) -> Number:
    """The lower end of the interval in which the search for it ends."""
    low, high = 1e-5 / 10, 100.0
    if isinstance(h, int) and isinstance(w, int):
        for _ in range(ROUNDS):
            low, high = half_of(h, w, patch, most, low, high)
        return low
    start = [tensor(h * 0 + w * 0).cast("f64") + end for end in (low, high)]

    def round_(_: Tensor, ends: Tensor) -> Tensor:
        return stack(half_of(h, w, patch, most, one(ends, 0, 0), one(ends, 1, 0)), 0)

    return one(repeat(ROUNDS, stack(start, 0), round_), 0, 0)


def half_of(h: Size, w: Size, patch: int, most: int, low: Number, high: Number) -> tuple[Any, Any]:
    """The half of the interval of scales in which the largest one lies that fits."""
    scale = (low + high) / 2
    rows, columns = (patches_along(real(side) * scale, patch) for side in (h, w))
    fits = rows * columns <= most
    return where(fits, scale, low), where(fits, high, scale)


def patches_along(side: Number, patch: int) -> Size:
    """How many patches hold a side."""
    return maximum(whole(ceil(side / patch)), 1)
