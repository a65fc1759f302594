from procdsl.codegen.onnx.axes import gather
from procdsl.codegen.onnx.graph import Tensor

from ..geometry.placement_onnx import Placement
from .border_places_onnx import border_places
from .fitting_onnx import fitting


def pad_by(x: Tensor, at: Placement, mode: str) -> Tensor:
    """Images [..., h, w, c] with a border of their own pixels."""
    h, w = x.size(-3), x.size(-2)
    rows = border_places(h, at.top, h + at.top + fitting(at.h - h - at.top), mode)
    columns = border_places(w, at.left, w + at.left + fitting(at.w - w - at.left), mode)
    return gather(gather(x, rows, -3), columns, -2)
