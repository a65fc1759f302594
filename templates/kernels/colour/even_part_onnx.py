from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import quotient

from ..pixels.fitting_onnx import fitting


def even_part(size: Size, parts: int) -> Size:
    """A half, or a third, of a size; one of which that is no whole number fails here."""
    if isinstance(size, int):
        return size // parts
    return quotient(size, parts) + fitting(-(size % parts))
