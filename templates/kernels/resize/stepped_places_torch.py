import torch


def stepped_places(source: int, target: int, device: torch.device) -> torch.Tensor:
    """The source index under the centre of each target pixel, counted from the first one on.

    The sums are those of a processor, one by one: an accelerator would add in another order.
    """
    steps = torch.full([target], source / target, dtype=torch.float64, device="cpu")
    steps[:1] *= 0.5
    return steps.cumsum(0).to(torch.int64).clamp(max=source - 1).to(device)
