from procdsl.codegen.onnx.axes import looked_up, one, stack
from procdsl.codegen.onnx.graph import Tensor, constant

from .luma_differences_onnx import in_u8

SUMS = ((0.299, 0.587, 0.114), (-0.16874, -0.33126, 0.5), (0.5, -0.41869, -0.08131))


def pil_ycbcr(x: Tensor, red: int) -> Tensor:
    """Pillow's YCbCr of uint8 [..., 3, h, w]; red is the plane `red` of `x`."""
    planes = [one(x, at, -3).cast("i32") for at in (red, 1, 2 - red)]
    found = []
    for channel, weights in enumerate(SUMS):
        r, g, b = (looked_up(level_table(w, 0), p) for w, p in zip(weights, planes, strict=True))
        found.append(in_u8((r + g + b) * 2.0**-6 + (0 if channel == 0 else 128)))
    return stack(found, -3)


def pil_ycbcr_to_rgb(x: Tensor, red: int) -> Tensor:
    """The way back."""
    y = one(x, 0, -3).cast("f32") * 64
    cb, cr = (one(x, at, -3).cast("i32") for at in (1, 2))
    r, b = looked_up(level_table(1.402, -128), cr), looked_up(level_table(1.772, -128), cb)
    g = looked_up(level_table(-0.34414, -128), cb) + looked_up(level_table(-0.71414, -128), cr)
    planes = [r, g, b] if red == 0 else [b, g, r]
    return stack([in_u8((plane + y) * 2.0**-6) for plane in planes], -3)


def level_table(weight: float, low: int) -> Tensor:
    """The weight times each of 256 levels from `low` on, in units of 1/64."""
    return constant([int(weight * 64 * at + 0.5) for at in range(low, low + 256)], "f32")
