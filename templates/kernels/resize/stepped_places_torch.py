import torch

from kernels.graphs.exact_number_torch import ratio


def stepped_places(source: int, target: int, device: torch.device) -> torch.Tensor:
    """The source index under the centre of each target pixel, counted from the first one on.

    The sums are those of a processor, one by one: an accelerator would add in another order.
    """
    steps = ratio(source, target, torch.device("cpu")).repeat(target)
    steps[:1] *= 0.5
    return steps.cumsum(0).to(torch.int64).clamp(max=source - 1).to(device)
