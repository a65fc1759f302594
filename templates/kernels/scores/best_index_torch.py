import torch

from kernels.runtime.numbers_are_known_torch import numbers_are_known


def best_index(x: torch.Tensor, axis: int) -> torch.Tensor:
    """The first index of the largest value along an axis; NaN never wins."""
    if numbers_are_known(x):
        numbers = x.detach()
        if x.shape[axis] > 256 or x.numel() < 4096 * x.shape[axis] or x.stride(axis) == 1:
            best, index = numbers.max(axis)
        else:
            best, index = best_plane(numbers.movedim(axis, 0))
        if not bool(best.isnan().any()):
            return index
    usable = torch.where(x.isnan(), torch.full_like(x, float("-inf")), x)
    best = usable.amax(axis, keepdim=True)
    return (x == best).to(torch.uint8).argmax(axis)


def best_plane(planes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The largest value of planes, and of which it is: a plane at a time, so that all of memory is
    read in its order."""
    best = planes[0].clone()
    index = torch.zeros_like(best)
    above = torch.empty_like(best)
    for k in range(1, planes.shape[0]):
        torch.gt(planes[k], best, out=above)
        torch.maximum(planes[k], best, out=best)
        torch.maximum(index, above.mul_(k), out=index)
    return best, index.to(torch.int64)
