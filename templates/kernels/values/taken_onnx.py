from procdsl.codegen.onnx.axes import gather_rows, moved, pad, transpose
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import maximum, where


def taken(x: Tensor, index: Tensor, axis: int, rank: int, index_rank: int, of_none: bool) -> Tensor:
    """The places of an axis that an index names; of one outside it runtimes refuse to gather.

    The values have so many axes each, behind those of a batch. `of_none` is whether an axis may
    hold nothing: it has a place of zeros then, which stands behind what the index has found.
    """
    lead, at = x.rank - rank, x.rank + axis
    rows, places = moved(x, at, lead), index.cast("i64")
    beyond = rows.size(lead)  # a number below 0 would be counted from the end
    outside = places < 0
    if of_none:
        outside = outside | (places >= maximum(beyond, 1))
        behind = [0] * (rank - 1)
        rows, beyond = pad(rows, [0, *behind], [1, *behind]), beyond + 1
    found = gather_rows(rows, where(outside, beyond, places), lead)
    before = [lead + index_rank + i for i in range(at - lead)]
    order = [*range(lead), *before, *range(lead, lead + index_rank)]
    return transpose(found, [*order, *range(len(order), found.rank)])
