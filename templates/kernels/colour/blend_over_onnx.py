from procdsl.codegen.onnx.axes import one, stack
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import floor


def blend_over(x: Tensor, order: tuple[int, ...], alpha_at: int, fill: tuple[int, ...]) -> Tensor:
    """The planes `order` of uint8 [..., c, h, w], blended over a ground as Pillow pastes.

    Alpha is the plane `alpha_at`; `fill` has a number for each plane of the result. Whole numbers
    below 2**24 are exact in float32, of which runtimes compute many at once.
    """
    alpha = one(x, alpha_at, -3).cast("f32")
    planes = []
    for plane, ground in zip(order, fill, strict=True):
        total = one(x, plane, -3).cast("f32") * alpha + (255 - alpha) * ground + 128
        planes.append(((total + floor(total * 2.0**-8)) * 2.0**-8).cast("u8"))
    return stack(planes, -3)
