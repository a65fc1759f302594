from procdsl.codegen.onnx.axes import looked_up, one, stack
from procdsl.codegen.onnx.graph import Tensor, constant
from procdsl.codegen.onnx.operators import maximum, minimum, where


def cv2_hsv(x: Tensor, red: int, degrees: int) -> Tensor:
    """OpenCV's hue (of `degrees` to the circle), saturation and value of uint8 [..., 3, h, w].

    Red is the plane `red` of `x`.
    """
    r, g, b = (one(x, at, -3).cast("i32") for at in (red, 1, 2 - red))
    v = maximum(maximum(r, g), b)
    d = v - minimum(minimum(r, g), b)
    s = looked_up(reciprocals(255 << 12, 1), v) * d
    sector = where(v.equals(g), b - r + 2 * d, r - g + 4 * d)
    h = looked_up(reciprocals(degrees << 12, 6), d) * where(v.equals(r), g - b, sector)
    h = h + (1 << 11)
    h = where(h < 0, h + (degrees << 12), h)
    return stack([in_12_bits(h), in_12_bits(s + (1 << 11)), v.cast("u8")], -3)


def reciprocals(of: int, times: int) -> Tensor:
    """A number over each of 0..255 so many times, rounded half to even; over 0 it is 0."""
    return constant([0, *(round(of / (times * i)) for i in range(1, 256))], "i32")


def in_12_bits(x: Tensor) -> Tensor:
    """Whole numbers from 0 on in units of 2**-12, rounded down to uint8."""
    return (x.cast("f32") * 2.0**-12).cast("u8")
