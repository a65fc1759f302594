from procdsl.codegen.onnx.axes import looked_up, one, stack
from procdsl.codegen.onnx.graph import Tensor, constant
from procdsl.codegen.onnx.operators import maximum, minimum


def cv2_hsv(x: Tensor, red: int, degrees: int) -> Tensor:
    """OpenCV's hue (of `degrees` to the circle), saturation and value of uint8 [..., 3, h, w].

    Red is the plane `red` of `x`. All numbers are whole ones below 2**24, and so exact in float32.
    """
    r, g, b = (one(x, at, -3).cast("f32") for at in (red, 1, 2 - red))
    v = maximum(maximum(r, g), b)
    d = v - minimum(minimum(r, g), b)
    s = looked_up(reciprocals(255 << 12, 1), v.cast("i32")) * d
    sector = either(v.equals(g), b - r + 2 * d, r - g + 4 * d)
    sector = either(v.equals(r), g - b, sector)
    h = looked_up(reciprocals(degrees << 12, 6), d.cast("i32")) * sector + (1 << 11)
    h = h + (h < 0).cast("f32") * (degrees << 12)
    return stack([in_12_bits(h), in_12_bits(s + (1 << 11)), v.cast("u8")], -3)


def either(condition: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """The one whole number where the condition holds, the other elsewhere.

    A Where chooses number by number, and takes ten times as long.
    """
    return b + condition.cast("f32") * (a - b)


def reciprocals(of: int, times: int) -> Tensor:
    """A number over each of 0..255 so many times, rounded half to even; over 0 it is 0."""
    return constant([0, *(round(of / (times * i)) for i in range(1, 256))], "f32")


def in_12_bits(x: Tensor) -> Tensor:
    """Whole numbers from 0 on in units of 2**-12, rounded down to uint8."""
    return (x * 2.0**-12).cast("u8")
