from procdsl.codegen.onnx.axes import largest, smallest
from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import minimum

from ..pixels.fitting_onnx import fitting


def agreed(a: Size, b: Size) -> Size:
    """A size that is known in two ways; where these differ it fails here."""
    return a + fitting(minimum(a - b, b - a))


def of_all(size: Size) -> Size:
    """The size that all samples have; where they differ it fails here."""
    if isinstance(size, int):
        return size
    return agreed(smallest(size, [0]), largest(size, [0]))
