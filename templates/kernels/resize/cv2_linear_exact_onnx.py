from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import floor, quotient, ratio, rounded

from .as_columns_onnx import as_rows
from .interpolated_onnx import Line, interpolation_lines


def cv2_linear_exact(x: Tensor, h: Size, w: Size) -> Tensor:
    """OpenCV's INTER_LINEAR_EXACT on uint8 [..., h, w, c], in weights of 8 bits."""
    rows, columns = cv2_linear_exact_taps(x.size(-3), h), cv2_linear_exact_taps(x.size(-2), w)
    upper, lower = (line.cast("i32") for line in interpolation_lines(x, rows, columns, 1))
    total = upper * rows[1] + lower * rows[2] + (1 << 15)
    return as_rows(quotient(total, 1 << 16).cast("u8"))


def cv2_linear_exact_taps(source: Size, target: Size) -> Line:
    """The left source pixel of each target pixel, the weight of it and of the next."""
    place = (arange(target, "f64") + 0.5) * (1 / ratio(target, source)) - 0.5
    left = floor(place)
    weight = rounded((place - left) * 256).cast("i32")
    return left.cast("i64"), 256 - weight, weight
