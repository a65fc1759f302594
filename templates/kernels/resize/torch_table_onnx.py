from procdsl.codegen.onnx.axes import gather, largest, stack, total
from procdsl.codegen.onnx.graph import Size, Tensor, constant
from procdsl.codegen.onnx.operators import clip, maximum, minimum, where

from .pil_weights_onnx import pil_weights
from .torch_near_onnx import torch_near
from .weights_22_bit_onnx import half_away


def torch_table(source: Size, target: Size, filter_: str, antialias: bool) -> tuple[Tensor, Tensor]:
    """By tap the source index of each target pixel, and its 16-bit weight in units of 2**-22.

    The unit of a 16-bit weight is as large a power of 2 as the largest weight leaves room for.
    """
    if antialias:
        index, weights, _ = pil_weights(source, target, filter_, (0, target))
    else:
        index, weights = merged(source, *torch_near(source, target, filter_, "f64"))
    powers = constant([2.0**power for power in range(23)], "f64", "powers")
    bits = (largest(weights, [-2, -1]) * powers * 2 + 0.5).cast("i64") < 1 << 15
    bits = minimum(total(bits.cast("i64"), -1), 22)
    unit = gather(powers, bits, 0)
    return index, (half_away(weights * unit) * (float(1 << 22) / unit)).cast("i32")


def merged(source: Size, places: list[Tensor], near: list[Tensor]) -> tuple[Tensor, Tensor]:
    """One weight for each pixel: those outside count as the edge's."""
    start = maximum(places[0], 0)
    weights: list[Tensor] = []
    for tap in range(len(near)):
        parts = [
            where((clip(place, 0, source - 1) - start).equals(tap), weight, 0.0)
            for place, weight in zip(places, near, strict=True)
        ]
        weight = parts[0]
        for one in parts[1:]:
            weight = weight + one
        weights.append(weight)
    index = [minimum(start + tap if tap else start, source - 1) for tap in range(len(near))]
    return stack(index, 0), stack(weights, 0)
