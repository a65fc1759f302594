from procdsl.codegen.onnx.axes import concat, gather, part
from procdsl.codegen.onnx.graph import Tensor, constant


def sides(boxes: Tensor) -> tuple[Tensor, Tensor]:
    """Of boxes (x1, y1, x2, y2) x1 and x2, and y1 and y2."""
    return part(boxes, 0, 4, -1, 2), part(boxes, 1, 4, -1, 2)


def of_sides(x: Tensor, y: Tensor) -> Tensor:
    """The boxes of these sides."""
    return gather(concat([x, y], -1), constant([0, 2, 1, 3], "i64"), -1)
