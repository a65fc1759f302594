from procdsl.codegen.onnx.axes import concat, gather, part
from procdsl.codegen.onnx.graph import Tensor, constant


def boxes_in_form(corners: Tensor, form: str) -> Tensor:
    """Corners (x1, y1, x2, y2) in another form."""
    if form == "yxyx":
        return gather(corners, constant([1, 0, 3, 2], "i64"), -1)
    first, last = part(corners, 0, 2, -1), part(corners, 2, 4, -1)
    place = first if form == "xywh" else (first + last) * 0.5
    return concat([place, last - first], -1)
