from procdsl.codegen.onnx.axes import gather_rows, moved, transpose
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def taken(x: Tensor, index: Tensor, axis: int, rank: int, index_rank: int) -> Tensor:
    """The places of an axis that an index names; of one outside it runtimes refuse to gather.

    The values have so many axes each, behind those of a batch.
    """
    lead, at = x.rank - rank, x.rank + axis
    rows, places = moved(x, at, lead), index.cast("i64")
    beyond = rows.size(lead)  # a number below 0 would be counted from the end
    found = gather_rows(rows, where(places < 0, beyond, places), lead)
    before = [lead + index_rank + i for i in range(at - lead)]
    order = [*range(lead), *before, *range(lead, lead + index_rank)]
    return transpose(found, [*order, *range(len(order), found.rank)])
