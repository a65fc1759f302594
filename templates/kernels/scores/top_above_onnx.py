from procdsl.codegen.onnx.axes import total
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where

from .top_k_onnx import top_k


def top_above(x: Tensor, bound: float, limit: int) -> tuple[Tensor, Tensor, Tensor]:
    """The largest numbers of x [n, class] above a bound of float32 in a room of `limit`, with zeros
    behind, their indices, and how many they are.
    """
    values, index = top_k(x, limit, -1)
    above = values > bound
    return where(above, values, 0), where(above, index, 0), total(above.cast("i64"), -1)
