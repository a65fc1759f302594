from procdsl.codegen.onnx.axes import arange, largest, unsqueeze
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import ceil, clip, floor, minimum, ratio, real, where

from .as_columns_onnx import as_columns, as_rows
from .taps_summed_onnx import taps_summed


def cv2_area_reduced(x: Tensor, h: Size, w: Size) -> Tensor:
    """Weighted sums in float32, across and then down, added in the order of the taps."""
    rows, columns = cv2_area_taps(x.size(-3), h), cv2_area_taps(x.size(-2), w)
    infinite = x.dtype == "f32"  # an infinite pixel times 0 is none of the sum
    used = [weights > 0 if infinite else None for _, weights in (rows, columns)]
    across = as_rows(taps_summed(as_columns(x), *columns, used[1]))
    return taps_summed(across, *rows, used[0], start=None)


def cv2_area_taps(source: Size, target: Size) -> tuple[Tensor, Tensor]:
    """By tap a source index for each target pixel and a weight; unused taps have weight 0."""
    scale = 1 / ratio(target, source)
    start = arange(target, "f64") * scale
    end = start + scale
    cell = minimum(real(source) - start, scale)
    last = minimum(floor(end), real(source - 1))
    first = minimum(ceil(start), last)
    head, tail = first - start > 1e-3, end - last > 1e-3
    begin = first - head.cast("f64")
    count = largest(last - begin + tail.cast("f64"), [-1]).cast("i64")
    taps = unsqueeze(arange(count, "f64"), 1)
    index = begin + taps
    weight = where(index < last, 1 / cell, 0.0)
    weight = where((taps <= 0) & head, (first - start) / cell, weight)
    rest = minimum(minimum(end - last, 1.0), cell) / cell
    weight = where(index.equals(last) & tail, rest, weight)
    return clip(index.cast("i64"), 0, source - 1), weight.cast("f32")
