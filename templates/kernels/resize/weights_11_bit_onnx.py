from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import rounded, where


def weights_11_bit(left: Tensor, fraction: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The index of the left pixel, and the weights of it and the next in units of 1/2048."""
    first = rounded((1 - fraction) * 2048).cast("i32")
    return left, first, rounded(fraction * 2048).cast("i32")


def weights_of_columns(
    source: Size, columns: tuple[Tensor, Tensor, Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """The same across a picture, beyond whose edge its pixel alone counts."""
    left, a0, a1 = columns
    inside = (left >= 0) & (left < source - 1)
    return left, where(inside, a0, 2048), where(inside, a1, 0)
