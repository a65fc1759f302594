from procdsl.codegen.onnx.axes import KEPT, concat, one, part, reshape
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import shifted_right

from .even_part_onnx import even_part


def rgb_to_planes(x: Tensor, red: int) -> Tensor:
    """uint8 [..., 3, h, w] to a 4:2:0 frame of luma over U over V, as OpenCV's I420.

    Red is the plane `red`; U and V are those of the upper left pixel of each 2 x 2.
    """
    h, w = even_part(x.size(-2), 2) * 2, even_part(x.size(-1), 2) * 2
    r, g, b = (one(x, at, -3).cast("i32") for at in (red, 1, 2 - red))
    half = 1 << 19
    y = r * 269484 + g * 528482 + b * 102760 + ((16 << 20) + half)
    r, g, b = (part(part(plane, 0, h, -2, 2), 0, w, -1, 2) for plane in (r, g, b))
    u = r * -155188 - g * 305135 + b * 460324 + ((128 << 20) + half)
    v = r * 460324 - g * 385875 - b * 74448 + ((128 << 20) + half)
    leading = [KEPT] * (x.rank - 3)
    planes = concat([reshape(plane, [*leading, -1]) for plane in (y, u, v)], -1)
    frame = shifted_right(planes.cast("u32"), 20).cast("u8")
    return reshape(frame, [*leading, -1, w])
