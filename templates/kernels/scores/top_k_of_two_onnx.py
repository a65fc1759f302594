from procdsl.codegen.onnx.axes import KEPT, moved, reshape, transpose
from procdsl.codegen.onnx.graph import Tensor

from .top_k_onnx import top_k


def top_k_of_two(
    x: Tensor, k: int, axes: tuple[int, int], place: int
) -> tuple[Tensor, Tensor, Tensor]:
    """The k largest values over two axes, along one at a place, and their index along each."""
    over = [x.rank + axis for axis in axes]
    last = transpose(x, [*(at for at in range(x.rank) if at not in over), *over])
    n = last.size(-1)
    values, index = top_k(reshape(last, [*[KEPT] * (x.rank - 2), -1]), k, -1)
    found = values, index // n, index % n
    values, first, second = (moved(part, -1, place) for part in found)
    return values, first, second
