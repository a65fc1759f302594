from procdsl.codegen.onnx.axes import one, stack
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, floor


def luma_differences(x: Tensor, red: int, blue_at: int, to_red: int, to_blue: int) -> Tensor:
    """OpenCV's luma and two differences of uint8 [..., 3, h, w], in weights of 14 bits.

    Red is the plane `red` of `x`; the difference of blue becomes the plane `blue_at`. All numbers
    are whole ones below 2**24, and so exact in float32.
    """
    r, g, b = (one(x, at, -3).cast("f32") for at in (red, 1, 2 - red))
    y = floor((r * 4899 + g * 9617 + b * 1868 + (1 << 13)) * 2.0**-14)
    bias = (128 << 14) + (1 << 13)
    of_red = in_u8(((r - y) * to_red + bias) * 2.0**-14)
    of_blue = in_u8(((b - y) * to_blue + bias) * 2.0**-14)
    luma = y.cast("u8")
    return stack([luma, of_blue, of_red] if blue_at == 1 else [luma, of_red, of_blue], -3)


def luma_differences_to_rgb(
    x: Tensor, red: int, blue_at: int, weights: tuple[int, int, int, int]
) -> Tensor:
    """The way back; `weights` of red for R, of red and blue for G, of blue for B."""
    y, of_blue, of_red = (one(x, at, -3).cast("f32") for at in (0, blue_at, 3 - blue_at))
    y, of_blue, of_red = y * (1 << 14) + (1 << 13), of_blue - 128, of_red - 128
    r = y + of_red * weights[0]
    g = y + of_red * weights[1] + of_blue * weights[2]
    b = y + of_blue * weights[3]
    planes = [r, g, b] if red == 0 else [b, g, r]
    return stack([in_u8(plane * 2.0**-14) for plane in planes], -3)


def in_u8(x: Tensor) -> Tensor:
    """Numbers rounded down to uint8, limited to its range."""
    return clip(x, 0, 255).cast("u8")
