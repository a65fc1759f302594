from procdsl.codegen.onnx.axes import looked_up
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def lookup_number(ids: Tensor, table: Tensor) -> Tensor:
    """The entry of each id; of an id outside the table runtimes refuse to gather."""
    beyond = table.size(0)  # a number below 0 would be counted from the end
    return looked_up(table, where(ids < 0, beyond, ids))
