from collections.abc import Callable

from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals

Pass = Callable[[Tensor, Size], Tensor]
"""Makes so many rows of those of images [..., h, w, c]."""


def pass_to(x: Tensor, target: Size, one_pass: Pass) -> Tensor:
    """A pass over rows, where there are not as many as are wanted."""
    return choose(equals(x.size(-3), target), lambda: x, lambda: one_pass(x, target))
