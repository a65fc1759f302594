from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.control import repeat_while
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import quotient, tensor


def tree_sum(x: Tensor) -> Tensor:
    """The sum along the last axis, its second half added to its first again and again."""
    n = x.size(-1)
    if isinstance(n, Tensor):
        return repeat_while(lambda left: tensor(left.size(-1)) > 1, x, halves_added)
    while n > 1:
        x, n = halves_added(x), (n + 1) // 2
    return x


def halves_added(x: Tensor) -> Tensor:
    """The second half added to the first; of an odd count the middle one stays as it is."""
    n = x.size(-1)
    half = quotient(n + 1, 2)
    added = part(x, 0, n - half, -1) + part(x, half, n, -1)
    if isinstance(n, int) and n % 2 == 0:
        return added
    return concat([added, part(x, n - half, half, -1)], -1)
