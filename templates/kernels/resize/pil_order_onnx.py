from collections.abc import Callable

from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import where

from .as_columns_onnx import as_columns, as_rows
from .pass_to_onnx import Pass, pass_to


def in_pil_order(x: Tensor, h: Size, w: Size, version: int, one_pass: Pass) -> Tensor:
    """Both passes over images [..., h, w, c], in the order of a version of Pillow.

    Each goes over rows: before the one across, columns are made rows.
    """
    sh, sw = x.size(-3), x.size(-2)
    vertical_first = (sh > 100 * sw) & (sh > h)
    if version >= 13:
        vertical_first = (sh > h) & (sh - h > 2 * (sw - w))

    def either(down: Callable[[], Tensor], across: Callable[[], Tensor]) -> Tensor:
        return choose(vertical_first, down, across)

    y = either(lambda: x, lambda: as_columns(x))
    once = pass_to(y, where(vertical_first, h, w), one_pass)
    turned = either(lambda: as_columns(once), lambda: as_rows(once))
    twice = pass_to(turned, where(vertical_first, w, h), one_pass)
    return either(lambda: as_rows(twice), lambda: twice)
