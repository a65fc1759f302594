from procdsl.codegen.onnx.axes import one, unsqueeze
from procdsl.codegen.onnx.graph import Tensor


def to_gray_f32(x: Tensor, rgb: tuple[int, ...]) -> Tensor:
    """The luma of uint8 [..., c, h, w] as torchvision computes it, as one plane.

    `rgb` are the planes of these.
    """
    r, g, b = (one(x, at, -3).cast("f32") for at in rgb)
    return unsqueeze((r * 0.2989 + g * 0.587 + b * 0.114).cast("u8"), -3)
