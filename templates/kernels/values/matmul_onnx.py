from procdsl.codegen.onnx.axes import KEPT, matrix_product, moved, reshape
from procdsl.codegen.onnx.graph import Tensor


def matmul(x: Tensor, y: Tensor, axes: tuple[int, int], ranks: tuple[int, int]) -> Tensor:
    """The sum of products over one axis of each, in float64, rounded to float32 once.

    The values have so many axes each, behind those of a batch.
    """
    rows, columns = moved(x, axes[0], -1), moved(y, axes[1], -ranks[1])
    lead, k = [KEPT] * (x.rank - ranks[0]), rows.size(-1)
    sizes = [rows.size(axis) for axis in range(x.rank - 1)]
    sizes += [columns.size(axis) for axis in range(1 - ranks[1], 0)]
    found = matrix_product(
        reshape(rows, [*lead, -1, k]).cast("f64"), reshape(columns, [*lead, k, -1]).cast("f64")
    )
    return reshape(found.cast("f32"), sizes)
