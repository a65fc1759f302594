from procdsl.codegen.onnx.axes import KEPT, part, reshape
from procdsl.codegen.onnx.graph import Size, Tensor

from ..geometry.placement_onnx import Placement

Window = tuple[Size, Size]
"""The rows or columns to compute, from and to."""


def windows_of(crop: Placement | None, h: Size, w: Size) -> tuple[Window, Window]:
    """The rows and the columns to compute: those of a crop, or all."""
    if crop is None:
        return (0, h), (0, w)
    return (-crop.top, crop.h - crop.top), (-crop.left, crop.w - crop.left)


def seen(x: Tensor, window: Window, size: Size, axis: int = -1) -> Tensor:
    """The numbers in the window of an axis of this length."""
    start, stop = window
    everything = isinstance(start, int) and start == 0 and stop is size
    return x if everything else part(x, start, stop, axis)


def of_crop(x: Tensor, crop: Placement | None) -> Tensor:
    """Images [..., h, w, c], which must have the size of the crop; too small ones fail here."""
    if crop is None:
        return x
    return reshape(x, [*[KEPT] * (x.rank - 3), crop.h, crop.w, KEPT])
