from procdsl.codegen.onnx.axes import KEPT, part, reshape
from procdsl.codegen.onnx.graph import Tensor

from ..geometry.placement_onnx import Placement


def crop(x: Tensor, at: Placement) -> Tensor:
    """The part of images [..., h, w, c] that `at` keeps.

    A picture that is too small would give a smaller part: such a one fails here instead.
    """
    rows = part(x, -at.top, -at.top + at.h, -3)
    found = part(rows, -at.left, -at.left + at.w, -2)
    return reshape(found, [*[KEPT] * (x.rank - 3), at.h, at.w, KEPT])
