from procdsl.codegen.onnx.axes import pad, part
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, maximum, where


def peaks(x: Tensor, window: int) -> Tensor:
    """The numbers of f32[..., h, w] that none in a square about them is above; 0 for the others.

    A MaxPool is not sure to know of -infinity.
    """
    nan = is_nan(x)
    known = where(nan, float("-inf"), x)
    largest = largest_around(largest_around(known, window, -1), window, -2)
    return where(known.equals(largest) & ~nan, x, 0)


def largest_around(x: Tensor, window: int, axis: int) -> Tensor:
    """For each place along an axis the largest number of the places about it."""
    reach = window // 2
    border = [reach, 0] if axis == -2 else [0, reach]
    wide = pad(x, border, border, float("-inf"))
    size = x.size(axis)
    found = x
    for step in range(window):
        if step != reach:
            found = maximum(found, part(wide, step, size + step, axis))
    return found
