from procdsl.codegen.onnx.axes import concat, gather, part, total
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, minimum, where

from .as_columns_onnx import as_rows, standing
from .interpolated_onnx import picked_rows


def interpolated_f32(
    x: Tensor, rows: tuple[Tensor, Tensor], columns: tuple[Tensor, Tensor]
) -> Tensor:
    """Linear interpolation of float32 [..., h, w, c] as OpenCV does.

    For each target row and column there is a source pixel and the fraction of the way to the next;
    a row of pixels ends with its last one alone.
    """
    (top, g), (left, f) = rows, columns
    edge = x.size(-2) - 1
    f = where(left < 0, 0, f)
    left = clip(left, 0, edge)
    inside = total((left < edge).cast("i64"), -1, keep=True)
    right = minimum(left + 1, edge)
    lines: list[Tensor] = []
    for picked in picked_rows(x, top):
        across = gather(picked, left, -3) * standing(1 - f)
        both = across + gather(picked, right, -3) * standing(f)
        alone = gather(picked, part(left, inside, left.size(0), 0), -3)
        lines.append(concat([part(both, 0, inside, -3), alone], -3))
    return as_rows(lines[0] * (1 - g) + lines[1] * g)
