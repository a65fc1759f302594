import torch

from kernels.values.tree_sum_torch import tree_sum


def mean_variance(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean and the mean squared deviation of each row, float64 [rows, 1].

    The same on every backend: of integers the sums are exact, of float32 they are a tree's.
    """
    n = x.shape[1]
    if x.dtype == torch.float32:
        mean = tree_sum(x.to(torch.float64)) / n
        deviation = x.to(torch.float64).sub_(mean)
        if deviation.requires_grad:
            return mean, tree_sum(deviation * deviation) / n
        return mean, tree_sum(deviation.mul_(deviation)) / n
    numbers = x.to(torch.int32 if x.dtype == torch.uint8 else torch.int64)
    total = numbers.sum(1, keepdim=True, dtype=torch.int64)
    squares = (numbers * numbers).sum(1, keepdim=True, dtype=torch.int64)
    whole = total // n  # deviations from a whole number have exact sums
    rest = total - n * whole
    spread = squares - 2 * whole * total + n * whole * whole
    variance = (spread.to(torch.float64) - (rest * rest).to(torch.float64) / n) / n
    return total.to(torch.float64) / n, variance
