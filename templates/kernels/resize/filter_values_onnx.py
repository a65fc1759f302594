import math

from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import cosine, maximum, sine, where

from .filter_windows_onnx import SUPPORT


def filter_values(x: Tensor, filter_: str) -> Tensor:
    """A filter of Pillow at these places, in float64."""
    if filter_ == "box":
        return ((x > -0.5) & (x <= 0.5)).cast("f64")
    x = abs(x)
    if filter_ == "bilinear":
        return maximum(1 - x, 0)
    if filter_ == "bicubic":
        near = (1.5 * x - 2.5) * x * x + 1
        far = (((x - 5) * x + 8) * x - 4) * -0.5
        return where(x < 1, near, where(x < 2, far, 0.0))
    center = x.equals(0)
    angle = where(center, 1.0, x * math.pi)
    wave = sine(angle) / angle
    if filter_ == "hamming":  # its constants are float32 in Pillow
        wave = wave * (0.5400000214576721 + 0.46000000834465027 * cosine(angle))
    else:
        third = where(center, 1.0, x / 3 * math.pi)
        wave = wave * (sine(third) / third)
    return where(center, 1.0, where(x < SUPPORT[filter_], wave, 0.0))
