from collections.abc import Callable

from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals

Pass = Callable[[Tensor, Size, bool], Tensor]
"""Makes of images, a height or a width, and whether it is a height, images of that."""


def in_pil_order(x: Tensor, h: Size, w: Size, version: int, one_pass: Pass) -> Tensor:
    """Both passes over images [..., h, w, c], in the order of a version of Pillow.

    A pass to the size that there is leaves the images as they are.
    """
    sh, sw = x.size(-3), x.size(-2)
    vertical_first = (sh > 100 * sw) & (sh > h)
    if version >= 13:
        vertical_first = (sh > h) & (sh - h > 2 * (sw - w))

    def down(y: Tensor) -> Tensor:
        return choose(equals(sh, h), lambda: y, lambda: one_pass(y, h, True))

    def across(y: Tensor) -> Tensor:
        return choose(equals(sw, w), lambda: y, lambda: one_pass(y, w, False))

    return choose(vertical_first, lambda: across(down(x)), lambda: down(across(x)))
