from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, is_nan, where


def class_ids(numbers: Tensor, classes: int) -> Tensor:
    """The ids of classes that floats stand for: cut, and none beyond the last one."""
    return clip(where(is_nan(numbers), 0, numbers), 0, classes - 1).cast("i64")
