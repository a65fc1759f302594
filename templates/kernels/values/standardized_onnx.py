from procdsl.codegen.onnx.axes import KEPT, moved, reshape
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import maximum, real, square_root

from .mean_variance_onnx import mean_variance


def standardized(
    x: Tensor, rank: int, channel: int | None, apart: bool, eps: float, least: float | None
) -> Tensor:
    """(x - mean) / max(std + eps, least) in float64, rounded to float32 once.

    An image has `rank` axes. `channel` is that of the channels, which are taken `apart` or
    together; where `least` is none it is 1/sqrt(n).
    """
    planes = x if channel is None else moved(x, channel, -rank)
    leading = x.rank - rank + apart
    numbers = reshape(planes, [*[KEPT] * leading, -1])
    mean, variance = mean_variance(numbers)
    std = square_root(variance)
    std = std + eps if eps else std
    std = maximum(std, 1 / square_root(real(numbers.size(-1))) if least is None else least)
    y = ((numbers.cast("f64") - mean) / std).cast("f32")
    y = reshape(y, [*[KEPT] * leading, *(planes.size(a) for a in range(leading, planes.rank))])
    return y if channel is None else moved(y, -rank, channel)
