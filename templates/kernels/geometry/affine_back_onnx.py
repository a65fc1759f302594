from procdsl.codegen.onnx.axes import concat, part, reshape
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def affine_back(matrix: Tensor) -> Tensor:
    """The inverse of maps [n, 2, 3] in float64, of one that has none 0."""
    a, b, c, d, e, f = numbers_of(matrix)
    determinant = a * e - b * d
    scale = where(determinant.equals(0), 0.0, 1 / determinant)
    a, b, d, e = e * scale, -b * scale, -d * scale, a * scale
    return reshape(concat([a, b, -a * c - b * f, d, e, -d * c - e * f], -1), [-1, 2, 3])


def numbers_of(matrix: Tensor) -> list[Tensor]:
    """The six numbers of maps [n, 2, 3] in float64, row by row, each [n, 1]."""
    flat = reshape(matrix.cast("f64"), [-1, 6])
    return [part(flat, i, i + 1, -1) for i in range(6)]


def meeting(number: Tensor, rank: int) -> Tensor:
    """A number of each sample as it meets a tensor of so many axes."""
    return reshape(number, [-1, *[1] * (rank - 1)])
