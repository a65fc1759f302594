from procdsl.codegen.onnx.axes import reshape
from procdsl.codegen.onnx.graph import Number, Size, Tensor


def for_samples(number: Size, x: Tensor) -> Number:
    """A number for each sample of `x`, or one for all, as what meets it along its axes."""
    if isinstance(number, int):
        return number
    return reshape(number.cast(x.dtype), [-1, *[1] * (x.rank - 1)])
