import torch

from kernels.scores.best_index_torch import best_index


def top_k(x: torch.Tensor, k: int, axis: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k largest values along an axis and their indices; ties by index, NaN last."""
    if k == 1:
        best = best_index(x, axis).unsqueeze(axis)
        return x.gather(axis, best), best
    nan = x.isnan()
    usable = torch.where(nan, torch.full_like(x, float("-inf")), x)
    by_value = usable.sort(stable=True, dim=axis, descending=True)[1]
    nan_last = nan.gather(axis, by_value).to(torch.uint8).sort(stable=True, dim=axis)[1]
    index = by_value.gather(axis, nan_last).narrow(axis, 0, k)
    return x.gather(axis, index), index
