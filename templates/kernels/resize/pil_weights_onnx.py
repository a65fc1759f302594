from procdsl.codegen.onnx.axes import arange, largest, one, running_total, unsqueeze
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import minimum, where

from .filter_values_onnx import filter_values
from .filter_windows_onnx import filter_windows
from .window_of_onnx import Window, seen


def pil_weights(
    source: Size, target: Size, filter_: str, window: Window, dtype: str = "f64"
) -> tuple[Tensor, Tensor, Tensor]:
    """By tap the source index of each target pixel, its weight, and whether it counts at all.

    It is of the pixels in a window. Places are computed in this dtype, weights in float64.
    """
    *reach, widening = filter_windows(source, target, filter_, dtype)
    center, start, end = (seen(numbers, window, target) for numbers in reach)
    taps = unsqueeze(arange(largest(end - start, [-1])), 1)
    index, used = start + taps, taps < end - start
    place = (index.cast(dtype) - center + 0.5) * (1 / widening)
    weights = where(used, filter_values(place.cast("f64"), filter_), 0.0)
    total = one(running_total(weights, 0), -1, 0)  # added one by one, from the first on
    weights = weights / where(total.equals(0), 1.0, total)
    return minimum(index, source - 1), weights, used
