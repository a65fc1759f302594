from procdsl.codegen.onnx.axes import moved, squeeze
from procdsl.codegen.onnx.graph import Tensor

from ..values.tree_sum_onnx import tree_sum


def expected_value(x: Tensor, values: Tensor, axis: int) -> Tensor:
    """The sum along an axis of the numbers times these values, rounded to float32 once."""
    products = moved(x, axis, -1).cast("f64") * values.cast("f64")
    return squeeze(tree_sum(products), -1).cast("f32")
