import torch


def for_samples(numbers: list[int], x: torch.Tensor) -> torch.Tensor:
    """A number for each sample of `x`, or one for all, as a tensor that meets it along its axes.

    It is on the device of `x`: a division by a number of the host is no division there.
    """
    if len(numbers) == 1:
        return torch.full([1] * x.dim(), numbers[0], dtype=x.dtype, device=x.device)
    found = torch.tensor(numbers, dtype=x.dtype, device=x.device)
    return found.reshape([len(numbers)] + [1] * (x.dim() - 1))
