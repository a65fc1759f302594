import torch


def class_ids(numbers: torch.Tensor, classes: int) -> torch.Tensor:
    """The ids of classes that floats stand for: cut, and none beyond the last one."""
    known = torch.where(numbers.isnan(), torch.zeros_like(numbers), numbers.clamp(0, classes - 1))
    return known.to(torch.int64)
