import torch


def largest(x: torch.Tensor, axis: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The largest value along an axis and its first index; NaN never wins."""
    usable = torch.where(x.isnan(), torch.full_like(x, float("-inf")), x)
    best = usable.amax(axis, keepdim=True)
    index = (x == best).to(torch.uint8).argmax(axis, keepdim=True)
    return x.gather(axis, index).squeeze(axis), index.squeeze(axis)
