from collections.abc import Sequence

from procdsl.codegen.onnx.axes import KEPT, reshape, squeeze, transpose
from procdsl.codegen.onnx.axes import total as total_along
from procdsl.codegen.onnx.graph import Tensor

from .tree_sum_onnx import tree_sum


def total(x: Tensor, axes: Sequence[int]) -> Tensor:
    """The sum along one axis or two, in float64, rounded to float32 once."""
    return squeeze(tree_sum(in_rows(x, axes).cast("f64")), -1).cast("f32")


def count(x: Tensor, axes: Sequence[int]) -> Tensor:
    """The sum of whole numbers, or of masks, along axes."""
    return total_along(in_rows(x, axes).cast("i64"), -1)


def in_rows(x: Tensor, axes: Sequence[int]) -> Tensor:
    """The numbers of these axes along one, which is the last."""
    over = [x.rank + axis for axis in axes]
    kept = [at for at in range(x.rank) if at not in over]
    turned = transpose(x, [*kept, *over])
    if len(over) == 1:
        return turned
    return reshape(turned, [*[KEPT] * len(kept), turned.size(-2) * turned.size(-1)])
