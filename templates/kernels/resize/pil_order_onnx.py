from collections.abc import Callable

from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import where

from ..geometry.placement_onnx import Placement
from .as_columns_onnx import as_columns, as_rows
from .pass_to_onnx import Pass, pass_to
from .window_of_onnx import of_crop, windows_of


def in_pil_order(
    x: Tensor, h: Size, w: Size, version: int, crop: Placement | None, one_pass: Pass
) -> Tensor:
    """Both passes over images [..., h, w, c], in the order of a version of Pillow.

    Each goes over rows: before the one across, columns are made rows.
    """
    sh, sw = x.size(-3), x.size(-2)
    vertical_first = (sh > 100 * sw) & (sh > h)
    if version >= 13:
        vertical_first = (sh > h) & (sh - h > 2 * (sw - w))
    (top, bottom), (left, right) = windows_of(crop, h, w)

    def either(down: Callable[[], Tensor], across: Callable[[], Tensor]) -> Tensor:
        return choose(vertical_first, down, across)

    def of(down: Size, across: Size) -> Size:
        return where(vertical_first, down, across)

    y = either(lambda: x, lambda: as_columns(x))
    once = pass_to(y, of(h, w), (of(top, left), of(bottom, right)), one_pass)
    turned = either(lambda: as_columns(once), lambda: as_rows(once))
    twice = pass_to(turned, of(w, h), (of(left, top), of(right, bottom)), one_pass)
    return of_crop(either(lambda: as_rows(twice), lambda: twice), crop)
