from collections.abc import Callable

from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals

from .window_of_onnx import Window, seen

Pass = Callable[[Tensor, Size, Window], Tensor]
"""Makes so many rows of those of images [..., h, w, c], of which it computes a window."""


def pass_to(x: Tensor, target: Size, window: Window, one_pass: Pass) -> Tensor:
    """A pass over rows, where there are not as many as are wanted."""
    there = equals(x.size(-3), target)
    return choose(there, lambda: seen(x, window, target, -3), lambda: one_pass(x, target, window))
