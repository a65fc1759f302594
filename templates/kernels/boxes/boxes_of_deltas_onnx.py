from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Tensor, constant
from procdsl.codegen.onnx.operators import exp, where

from .boxes_xyxy_onnx import boxes_xyxy


def boxes_of_deltas(
    deltas: Tensor,
    anchors: Tensor,
    by: tuple[float, ...],
    divided: bool,
    most: float | None,
    corners: bool,
) -> Tensor:
    """Anchors f32[..., 4] moved and grown, as corners; `by` scales what is said of them."""
    scale = constant(by, "f32")
    deltas = deltas / scale if divided else deltas * scale
    place, size = part(anchors, 0, 2, -1), part(anchors, 2, 4, -1)
    if corners:
        size = size - place
        place = place + size * 0.5
    growth = part(deltas, 2, 4, -1)
    if most is not None:
        growth = where(growth > most, most, growth)
    grown = exp(growth.cast("f64")).cast("f32") * size
    return boxes_xyxy(concat([part(deltas, 0, 2, -1) * size + place, grown], -1), "cxcywh")
