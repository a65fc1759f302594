from procdsl.codegen.onnx.axes import gather
from procdsl.codegen.onnx.graph import Tensor

from ..geometry.placement_onnx import Placement
from .border_places_onnx import border_places


def pad_by(x: Tensor, at: Placement, mode: str) -> Tensor:
    """Images [..., h, w, c] with a border of their own pixels."""
    rows = border_places(x.size(-3), at.top, at.h, mode)
    columns = border_places(x.size(-2), at.left, at.w, mode)
    return gather(gather(x, rows, -3), columns, -2)
