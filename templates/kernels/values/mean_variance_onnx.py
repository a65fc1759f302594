from procdsl.codegen.onnx.axes import total
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import quotient, real

from .tree_sum_onnx import tree_sum


def mean_variance(x: Tensor) -> tuple[Tensor, Tensor]:
    """The mean and the mean squared deviation along the last axis, which stays as one of 1.

    Of integers the sums are exact, of float32 they are a tree's.
    """
    n = x.size(-1)
    if x.dtype == "f32":
        wide = x.cast("f64")
        mean = tree_sum(wide) / real(n)
        deviation = wide - mean
        return mean, tree_sum(deviation * deviation) / real(n)
    numbers = x.cast("i64")
    sum_, squares = total(numbers, -1, keep=True), total(numbers * numbers, -1, keep=True)
    whole = quotient(sum_, n)  # deviations from a whole number have exact sums
    rest = sum_ - whole * n
    spread = squares - 2 * whole * sum_ + whole * whole * n
    variance = (spread.cast("f64") - (rest * rest).cast("f64") / real(n)) / real(n)
    return sum_.cast("f64") / real(n), variance
