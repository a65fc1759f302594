from procdsl.codegen.onnx.axes import concat, gather, part
from procdsl.codegen.onnx.graph import Tensor, constant


def boxes_xyxy(boxes: Tensor, form: str) -> Tensor:
    """Boxes f32[..., 4] of another form as corners (x1, y1, x2, y2)."""
    if form == "xyxy":
        return boxes
    if form == "yxyx":
        return gather(boxes, constant([1, 0, 3, 2], "i64"), -1)
    place, size = part(boxes, 0, 2, -1), part(boxes, 2, 4, -1)
    if form == "xywh":
        return concat([place, place + size], -1)
    half = size * 0.5
    return concat([place - half, place + half], -1)
