from procdsl.codegen.onnx.axes import arange, first_largest, gather_along, reshape, total
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def kept_first(
    ids: Tensor, scores: Tensor, kept: Tensor, sign: int
) -> tuple[Tensor, Tensor, Tensor]:
    """The ids of characters and the scores of the steps [n, t] that are kept, before zeros, and how
    many. Characters are counted without the class of the sign.
    """
    count = total(kept.cast("i64"), -1)
    steps = arange(ids.size(-1))
    order = first_largest(kept.cast("i64") * ids.size(-1) - steps, ids.size(-1), -1)
    there = steps < reshape(count, [-1, 1])
    ids = gather_along(ids, order, -1)
    ids = where(there, ids - (ids > sign).cast("i64"), 0)
    return ids, where(there, gather_along(scores, order, -1), 0), count
