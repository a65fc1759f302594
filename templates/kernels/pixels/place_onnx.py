from procdsl.codegen.onnx.axes import concat, expand, pad
from procdsl.codegen.onnx.graph import Size, Tensor

from ..geometry.placement_onnx import Placement
from .fitting_onnx import fitting


def place(x: Tensor, at: Placement, fill: Tensor) -> Tensor:
    """Images [..., h, w, c] where `at` puts them, on a ground of `fill`."""
    h, w = x.size(-3), x.size(-2)
    top, left = at.top, at.left
    bottom, right = fitting(at.h - h - top), fitting(at.w - w - left)
    if fill.shape == ():
        if x.dtype in ("u16", "f16"):  # of which runtimes have no pad
            wide = "i32" if x.dtype == "u16" else "f32"
            return place(x.cast(wide), at, fill.cast(wide)).cast(x.dtype)
        return pad(x, [top, left, 0], [bottom, right, 0], fill)
    rows = concat([ground(x, h, left, fill), x, ground(x, h, right, fill)], -2)
    return concat([ground(x, top, at.w, fill), rows, ground(x, bottom, at.w, fill)], -3)


def ground(x: Tensor, h: Size, w: Size, fill: Tensor) -> Tensor:
    """Images like `x` of h x w, full of one pixel."""
    leading = [x.size(axis) for axis in range(x.rank - 3)]
    return expand(fill, [*leading, h, w, x.size(-1)])
