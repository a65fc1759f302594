from procdsl.codegen.onnx.axes import arange, unsqueeze
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import rounded, where

from ..geometry.affine_back_onnx import affine_back, meeting, numbers_of


def warped_places(
    matrix: Tensor, h: int, w: int, source: tuple[Size, Size]
) -> tuple[Tensor, Tensor]:
    """The row and the column of each pixel's source in float32; -2 for what lies outside.

    The matrices [n, 2, 3] map the pictures to the results.
    """
    numbers = numbers_of(affine_back(matrix))
    a, b, c, d, e, f = (meeting(v.cast("f32"), 3) for v in numbers)
    x, y = arange(w, "f32"), unsqueeze(arange(h, "f32"), -1)
    return near_picture(x * d + (y * e + f), source[0], 1), near_picture(
        x * a + (y * b + c), source[1], 1
    )


def warped_places_1024(
    matrix: Tensor, h: int, w: int, source: tuple[Size, Size], more: int
) -> tuple[Tensor, Tensor]:
    """The same in units of 1/1024 pixel and so much more, whole numbers in float64."""
    a, b, c, d, e, f = (meeting(v, 3) for v in numbers_of(affine_back(matrix)))
    x, y = arange(w, "f64"), unsqueeze(arange(h, "f64"), -1)
    rows = rounded((e * y + f) * 1024) + rounded(d * x * 1024) + more
    columns = rounded((b * y + c) * 1024) + rounded(a * x * 1024) + more
    return near_picture(rows, source[0], 1024), near_picture(columns, source[1], 1024)


def near_picture(places: Tensor, size: Size, unit: int) -> Tensor:
    """The places from one pixel before the picture on to its end, and -2 pixels for others."""
    end = size * unit
    below = places < (end.cast(places.dtype) if isinstance(end, Tensor) else end)
    found: Tensor = where((places >= -unit) & below, places, -2.0 * unit)
    return found
