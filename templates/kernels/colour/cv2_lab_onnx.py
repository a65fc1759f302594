import math

from procdsl.codegen.onnx.axes import looked_up, one, stack
from procdsl.codegen.onnx.graph import Tensor, constant
from procdsl.codegen.onnx.operators import to_f32

from .luma_differences_onnx import in_u8

XYZ = ((1777, 1541, 778), (871, 2929, 296), (73, 448, 3575))
"""Red, green and blue to X, Y and Z over the white point, in units of 2**-12."""


def cv2_lab(x: Tensor, red: int) -> Tensor:
    """OpenCV's L*a*b* of uint8 [..., 3, h, w] in sRGB; red is the plane `red` of `x`.

    All numbers are whole ones below 2**24, and so exact in float32.
    """
    curve = constant([level_in_2040(level / 255) for level in range(256)], "f32")
    root = constant([root_of_step(step) for step in range(3072)], "f32")
    r, g, b = (looked_up(curve, one(x, at, -3).cast("i32")) for at in (red, 1, 2 - red))
    fx, fy, fz = (
        looked_up(root, ((r * m[0] + g * m[1] + b * m[2] + (1 << 11)) * 2.0**-12).cast("i32"))
        for m in XYZ
    )
    half, middle = 1 << 14, 128 << 15
    lightness = fy * 296 + (half - 1336934)
    planes = [lightness, (fx - fy) * 500 + (middle + half), (fy - fz) * 200 + (middle + half)]
    return stack([in_u8(plane * 2.0**-15) for plane in planes], -3)


def level_in_2040(level: float) -> int:
    """The sRGB curve in 2040 steps."""
    linear = level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4
    return round(linear * 2040)


def root_of_step(step: int) -> int:
    """The cube root of a step of 1/2040 in float32, in units of 2**-15.

    OpenCV's is cut to the 24 bits of float32.
    """
    x = to_f32(step / 2040)
    if x < 216 / 24389:
        return round((x * (841 / 108) + 16 / 116) * 2**15)
    fraction, exponent = math.frexp(math.cbrt(x))
    return round(math.ldexp(math.floor(fraction * 2**24), exponent - 24) * 2**15)
