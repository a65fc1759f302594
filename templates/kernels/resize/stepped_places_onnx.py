from procdsl.codegen.onnx.axes import arange, running_total
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import minimum, ratio, where


def stepped_places(source: Size, target: Size) -> Tensor:
    """The source index under the centre of each target pixel, counted from the first one on."""
    first = arange(target).equals(0)
    steps = where(first, 0.5, 1.0) * ratio(source, target)
    return minimum(running_total(steps, -1).cast("i64"), source - 1)
