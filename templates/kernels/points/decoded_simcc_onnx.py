from procdsl.codegen.onnx.axes import stack, unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, where

from ..scores.largest_onnx import largest


def decoded_simcc(x: Tensor, y: Tensor, split: float) -> tuple[Tensor, Tensor]:
    """Where rows along x and along y are largest, and the smaller one of these two numbers."""
    of_x, column = largest(x, -1)
    of_y, row = largest(y, -1)
    smaller = where(is_nan(of_y) | (of_x > of_y), of_y.cast("f64"), of_x.cast("f64"))
    scores = smaller.cast("f32")
    places = where(unsqueeze(scores > 0, -1), stack([column, row], -1), -1)
    return places.cast("f32") / split, scores
