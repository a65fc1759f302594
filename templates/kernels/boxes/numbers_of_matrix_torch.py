import torch


def numbers_of_matrix(matrix: torch.Tensor, x: torch.Tensor) -> list[torch.Tensor]:
    """The six numbers of affine maps [..., 2, 3] in float64, row by row, as they meet `x`.

    There is one map for each sample, and `x` may have more axes behind those of samples.
    """
    more = x.dim() - (matrix.dim() - 2)
    numbers = matrix.to(torch.float64).flatten(-2)
    numbers = numbers.reshape(list(numbers.shape[:-1]) + [1] * more + [6])
    return [numbers[..., i] for i in range(6)]
