from procdsl.codegen.onnx.axes import unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import floor, rounded

from .warped_pixels_onnx import warped_pixels
from .warped_places_onnx import warped_places, warped_places_1024


def warped_linear(x: Tensor, matrix: Tensor, h: int, w: int, fill: float, fixed: bool) -> Tensor:
    """OpenCV's warpAffine with INTER_LINEAR: that of OpenCV 5, or `fixed` up to 4."""
    source = x.size(-3), x.size(-2)
    if fixed:
        down, across = (floor(v / 32) for v in warped_places_1024(matrix, h, w, source, 16))
        top, left = floor(down / 32), floor(across / 32)
        pixels = warped_four(x, top.cast("i64"), left.cast("i64"), fill)
        g, f = (unsqueeze(v - 32 * whole, -1) for v, whole in ((down, top), (across, left)))
        return mixed_by_32(pixels, f, g)
    down, across = warped_places(matrix, h, w, source)
    top, left = floor(down), floor(across)
    a, b, c, d = (p.cast("f32") for p in warped_four(x, top.cast("i64"), left.cast("i64"), fill))
    f, g = unsqueeze(across - left, -1), unsqueeze(down - top, -1)
    a, c = a + f * (b - a), c + f * (d - c)
    found = a + g * (c - a)
    return rounded(found).cast("u8") if x.dtype == "u8" else found


def warped_four(x: Tensor, top: Tensor, left: Tensor, fill: float) -> list[Tensor]:
    """The four pixels round each place, row by row."""
    return [warped_pixels(x, top + j, left + i, fill) for j in (0, 1) for i in (0, 1)]


def mixed_by_32(pixels: list[Tensor], f: Tensor, g: Tensor) -> Tensor:
    """Four pixels mixed by weights in units of 1/32: u8 in whole numbers, floats in float32."""
    if pixels[0].dtype == "u8":
        a, b, c, d = (p.cast("i32") for p in pixels)
        f, g = f.cast("i32"), g.cast("i32")
        found = (32 - g) * ((32 - f) * a + f * b) + g * ((32 - f) * c + f * d)
        return ((found + 512) // 1024).cast("u8")
    a, b, c, d = pixels
    f, g = f.cast("f32") / 32, g.cast("f32") / 32
    e, h = 1 - f, 1 - g
    return a * (h * e) + b * (h * f) + c * (g * e) + d * (g * f)
