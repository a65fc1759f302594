from collections.abc import Sequence

from procdsl.codegen.onnx.axes import (
    KEPT,
    as_constant,
    gather_along,
    reshape,
    squeeze,
    stack,
    unsqueeze,
)
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import maximum, minimum, where

from ..scores.largest_onnx import largest
from .newton_step_onnx import newton_step


def decoded_heatmap(
    x: Tensor,
    refine: str,
    sides: Sequence[float],
    cells: Sequence[float],
    kernel: Sequence[float],
) -> tuple[Tensor, Tensor]:
    """Where each map [..., h, w] is largest, in a picture of these sides, and how large it is."""
    h, w = x.size(-2), x.size(-1)
    maps = reshape(x, [*[KEPT] * (x.rank - 2), h * w])
    scores, index = largest(maps, -1)
    rows, columns = index // w, index % w
    places = stack([columns, rows], -1).cast("f64")
    if refine == "quarter":
        across = quarter_step(maps, index, (columns > 1) & (columns < w - 1) & (rows > 0), 1)
        down = quarter_step(maps, index, (rows > 1) & (rows < h - 1) & (columns > 0), w)
        places = places + stack([across, down], -1)
    if refine in ("dark", "udp"):
        places = places + newton_step(x, rows, columns, scores, refine == "udp", kernel)
    places = where(unsqueeze(scores > 0, -1), places, -1).cast("f32").cast("f64")
    scaled = places * as_constant(sides, "f64", "sides", [2])
    return (scaled / as_constant(cells, "f64", "cells", [2])).cast("f32"), scores


def quarter_step(maps: Tensor, index: Tensor, inside: Tensor, step: Size) -> Tensor:
    """A quarter of a place towards the larger neighbour, inside of a map [..., n]."""
    last = maps.size(-1) - 1
    after = squeeze(gather_along(maps, unsqueeze(minimum(index + step, last), -1), -1), -1)
    before = squeeze(gather_along(maps, unsqueeze(maximum(index - step, 0), -1), -1), -1)
    larger = ((after > before) & inside).cast("f64")
    return larger * 0.25 - ((after < before) & inside).cast("f64") * 0.25
