from procdsl.codegen.onnx.axes import gather
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, quotient

from .as_columns_onnx import as_columns, as_rows, standing

Line = tuple[Tensor, Tensor, Tensor]
"""For each target pixel the first of its two source pixels, and the weights of both."""


def interpolated(x: Tensor, rows: Line, columns: Line) -> Tensor:
    """Linear interpolation of uint8 [..., h, w, c] with 11-bit weights, as OpenCV does."""
    _, b0, b1 = rows
    upper, lower = (line.cast("i32") for line in interpolation_lines(x, rows, columns, 1 / 16))
    # (upper * b0 >> 16) + (lower * b1 >> 16) + 2 >> 2, where lower's last bits cannot carry
    whole = (quotient(upper * b0, 1 << 16) + 2) * (1 << 16)
    return as_rows(quotient(whole + lower * b1, 1 << 18).cast("u8"))


def interpolation_lines(x: Tensor, rows: Line, columns: Line, unit: float) -> list[Tensor]:
    """For each target row the source rows above and below, interpolated across: [..., w, c, h].

    In these units they are whole numbers below 2**20, or 16ths: float32 holds them, in which
    runtimes are faster. Beyond its edge the picture goes on.
    """
    left, a0, a1 = columns
    edge = x.size(-2) - 1
    pair = clip(left, 0, edge), clip(left + 1, 0, edge)
    weights = [standing(weight.cast("f32") * unit) for weight in (a0, a1)]
    lines: list[Tensor] = []
    for picked in picked_rows(x, rows[0]):
        near, far = (gather(picked, column, -3).cast("f32") for column in pair)
        lines.append(near * weights[0] + far * weights[1])
    return lines


def picked_rows(x: Tensor, top: Tensor) -> list[Tensor]:
    """The source rows above and below each target row, as [..., w, c, h]."""
    edge = x.size(-3) - 1
    return [as_columns(gather(x, clip(row, 0, edge), -3)) for row in (top, top + 1)]
