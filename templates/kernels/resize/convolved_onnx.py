from procdsl.codegen.onnx.axes import KEPT, concat, gather, part, reshape, unsqueeze
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import clip, quotient, rounded

from .as_columns_onnx import as_columns, as_rows, standing

Taps = tuple[list[Tensor], list[Tensor]]
"""By tap the source pixel of each target pixel, and its weight in float32."""


def convolved(x: Tensor, rows: Taps, columns: Taps) -> Tensor:
    """Weighted sums over 4 or 8 columns and rows of uint8 or float32 as OpenCV adds them."""
    whole = x.dtype == "u8"
    index, a = columns[0], in_11_bits(columns[1]) if whole else columns[1]
    standing_x = as_columns(x)
    across = gather(standing_x, index[0], -3).cast(a[0].dtype) * standing(a[0])
    for k in range(1, len(index)):
        across = across + gather(standing_x, index[k], -3).cast(a[k].dtype) * standing(a[k])
    lines = reshape(as_rows(across), [*[KEPT] * (x.rank - 2), -1])
    index, b = rows[0], in_11_bits(rows[1]) if whole else rows[1]
    if whole and len(index) == 8:
        down = convolved_whole(lines, index, b).cast("u8")
    else:
        body = vector_part(lines, 8 if whole else 4)
        first, last = part(lines, 0, body, -1), part(lines, body, lines.size(-1), -1)
        if whole:
            cubic, end = convolved_cubic(first, index, b), convolved_whole(last, index, b)
            down = concat([cubic.cast("u8"), end.cast("u8")], -1)
        else:
            down = concat([summed(first, index[::-1], b[::-1]), summed(last, index, b)], -1)
    return reshape(down, [*[KEPT] * (x.rank - 2), -1, x.size(-1)])


def vector_part(lines: Tensor, lanes: int) -> Size:
    """How many numbers of a row OpenCV computes by vectors; the end it adds in another order."""
    return lines.size(-1) - lines.size(-1) % lanes


def in_11_bits(weights: list[Tensor]) -> list[Tensor]:
    """Weights in units of 1/2048."""
    return [rounded(weight * 2048).cast("i32") for weight in weights]


def summed(lines: Tensor, index: list[Tensor], weights: list[Tensor]) -> Tensor:
    """The pass down rows [..., h, n], from the first tap on."""
    total = gather(lines, index[0], -2) * unsqueeze(weights[0], 1)
    for at, weight in zip(index[1:], weights[1:], strict=True):
        total = total + gather(lines, at, -2) * unsqueeze(weight, 1)
    return total


def convolved_whole(lines: Tensor, index: list[Tensor], weights: list[Tensor]) -> Tensor:
    """The pass down in whole numbers, rounded half up."""
    total = summed(lines, index, weights) + (1 << 21)
    return clip(quotient(clip(total, 0, None), 1 << 22), None, 255)


def convolved_cubic(lines: Tensor, index: list[Tensor], weights: list[Tensor]) -> Tensor:
    """The pass down in float32 from the last tap on, rounded half to even."""
    scaled = [weight.cast("f32") * 2.0**-22 for weight in weights]
    return clip(rounded(summed(lines.cast("f32"), index[::-1], scaled[::-1])), 0, 255)
