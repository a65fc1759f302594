from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import maximum, minimum, ratio, tensor

SUPPORT = {"box": 0.5, "bilinear": 1.0, "hamming": 1.0, "bicubic": 2.0, "lanczos": 3.0}
"""How far from its centre a filter is not zero, at a reduction of 1."""


def filter_windows(
    source: Size, target: Size, filter_: str, dtype: str
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """For each target pixel its centre, the first source pixel that it needs, and its end.

    Behind them how much wider the filter is than at a reduction of 1. Places are computed in this
    dtype: Pillow's is float64, that of torch for float32 is float32.
    """
    scale = tensor(ratio(source, target)).cast(dtype)
    widening = maximum(scale, 1)
    reach = widening * SUPPORT[filter_]
    center = (arange(target, dtype) + 0.5) * scale
    start = maximum((center - reach + 0.5).cast("i64"), 0)
    return center, start, minimum((center + reach + 0.5).cast("i64"), source), widening
