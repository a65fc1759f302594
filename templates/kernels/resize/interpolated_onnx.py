from procdsl.codegen.onnx.axes import gather
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, quotient

from .as_columns_onnx import as_columns, as_rows, standing

Line = tuple[Tensor, Tensor, Tensor]
"""For each target pixel the first of its two source pixels, and the weights of both."""


def interpolated(x: Tensor, rows: Line, columns: Line) -> Tensor:
    """Linear interpolation of uint8 [..., h, w, c] with 11-bit weights, as OpenCV does."""
    _, b0, b1 = rows
    upper, lower = (quotient(line, 16) for line in interpolation_lines(x, rows, columns))
    total = quotient(upper * b0, 1 << 16) + quotient(lower * b1, 1 << 16)
    return as_rows(quotient(total + 2, 4).cast("u8"))


def interpolation_lines(x: Tensor, rows: Line, columns: Line) -> list[Tensor]:
    """For each target row the source rows above and below, interpolated across: i32 [..., w, c, h].

    Beyond its edge the picture goes on.
    """
    left, a0, a1 = columns
    edge = x.size(-2) - 1
    pair = clip(left, 0, edge), clip(left + 1, 0, edge)
    lines: list[Tensor] = []
    for picked in picked_rows(x, rows[0]):
        near, far = (gather(picked, column, -3).cast("i32") for column in pair)
        lines.append(near * standing(a0) + far * standing(a1))
    return lines


def picked_rows(x: Tensor, top: Tensor) -> list[Tensor]:
    """The source rows above and below each target row, as [..., w, c, h]."""
    edge = x.size(-3) - 1
    return [as_columns(gather(x, clip(row, 0, edge), -3)) for row in (top, top + 1)]
