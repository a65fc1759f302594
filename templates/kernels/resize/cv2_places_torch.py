import torch

from kernels.graphs.exact_number_torch import ratio


def cv2_places(source: int, target: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """The source pixel left of each target pixel, and the fraction of the way to the next."""
    scale = 1 / ratio(target, source, device)
    i = torch.arange(target, dtype=torch.float64, device=device)
    place = ((i + 0.5) * scale - 0.5).to(torch.float32)
    left = place.floor()
    return left.to(torch.int64), place - left
