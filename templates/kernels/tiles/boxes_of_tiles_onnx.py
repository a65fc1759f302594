from procdsl.codegen.onnx.axes import KEPT, expand, part, reshape, stack, unsqueeze
from procdsl.codegen.onnx.graph import Tensor

from .agreed_onnx import agreed


def boxes_of_tiles(boxes: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Boxes [n, tile, anchor, 4] in the picture that was cut at these rows and columns, in a row.

    Boxes of another number of tiles fail here.
    """
    sides = rows.size(0), columns.size(0)
    y, x = expand(unsqueeze(rows, 1), sides), expand(unsqueeze(columns, 0), sides)
    corners = reshape(stack([x, y, x, y], -1), [-1, 1, 4]).cast("f32")
    corners = part(corners, 0, agreed(corners.size(0), boxes.size(-3)), 0)
    return reshape(boxes + corners, [KEPT, -1, 4])
