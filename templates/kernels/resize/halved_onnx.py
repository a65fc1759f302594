from procdsl.codegen.onnx.axes import part
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import quotient


def halved(x: Tensor, h: Size, w: Size) -> Tensor:
    """The mean of each 2 x 2 block of uint8 [..., h, w, c], rounded half up."""
    upper, lower = (part(x, i, 2 * h, -3, 2).cast("i32") for i in (0, 1))
    down = upper + lower
    total = part(down, 0, 2 * w, -2, 2) + part(down, 1, 2 * w, -2, 2)
    return quotient(total + 2, 4).cast("u8")
