from procdsl.codegen.onnx.axes import gather, transpose, unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, quotient

Line = tuple[Tensor, Tensor, Tensor]
"""For each target pixel the first of its two source pixels, and the weights of both."""


def interpolated(x: Tensor, rows: Line, columns: Line) -> Tensor:
    """Linear interpolation of uint8 [..., h, w, c] with 11-bit weights, as OpenCV does."""
    _, b0, b1 = rows
    upper, lower = (quotient(line, 16) for line in interpolation_lines(x, rows, columns))
    total = quotient(upper * b0, 1 << 16) + quotient(lower * b1, 1 << 16)
    return as_rows(quotient(total + 2, 4).cast("u8"))


def interpolation_lines(x: Tensor, rows: Line, columns: Line) -> tuple[Tensor, Tensor]:
    """For each target row the source rows above and below, interpolated across: i32 [..., w, c, h].

    Columns lie as rows do, which are copied in one piece; so it is many times faster.
    """
    top, left = rows[0], columns[0]
    a0, a1 = (unsqueeze(unsqueeze(weight, 1), 2) for weight in columns[1:])
    edge_h, edge_w = x.size(-3) - 1, x.size(-2) - 1
    pair = [clip(left, 0, edge_w), clip(left + 1, 0, edge_w)]
    lines: list[Tensor] = []
    for row in (clip(top, 0, edge_h), clip(top + 1, 0, edge_h)):
        standing = as_columns(gather(x, row, -3))
        near, far = (gather(standing, column, -3).cast("i32") for column in pair)
        lines.append(near * a0 + far * a1)
    return lines[0], lines[1]


def as_columns(x: Tensor) -> Tensor:
    """Images [..., h, w, c] as [..., w, c, h]."""
    return transpose(x, [1, 2, 0])


def as_rows(x: Tensor) -> Tensor:
    """The way back."""
    return transpose(x, [2, 0, 1])
