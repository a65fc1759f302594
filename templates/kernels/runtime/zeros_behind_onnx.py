from procdsl.codegen.onnx.axes import arange, reshape
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def zeros_behind(x: Tensor, count: Tensor, axis: int) -> Tensor:
    """Rows along an axis with zeros in place of those behind the first `count` [n]."""
    if x.dtype == "u16":  # which runtimes do not choose from
        return zeros_behind(x.cast("i32"), count, axis).cast("u16")
    last = [1] * (x.rank - 1 - axis)
    numbers = reshape(arange(x.size(axis)), [-1, *last])
    found = numbers < reshape(count, [-1, *[1] * axis, *last])
    return x & found if x.dtype == "bool" else where(found, x, 0)
