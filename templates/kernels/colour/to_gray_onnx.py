from procdsl.codegen.onnx.axes import one, unsqueeze
from procdsl.codegen.onnx.graph import Tensor, constant


def to_gray(x: Tensor, weights: tuple[int, ...], shift: int) -> Tensor:
    """The luma of uint8 [..., c, h, w] as one plane, exact in float32.

    The weights are in the order of the planes, in units of 2**-shift.
    """
    total = constant(1 << (shift - 1), "f32")
    for at, weight in enumerate(weights):
        total = one(x, at, -3).cast("f32") * weight + total
    return unsqueeze((total * 2.0**-shift).cast("u8"), -3)
