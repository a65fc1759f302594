import torch

from kernels.graphs.exact_number_torch import ratio


def cv2_area_places(
    source: int, target: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """For an enlargement: the source pixel of each target pixel, and the fraction of the way."""
    inverse = ratio(target, source, device)
    i = torch.arange(target, dtype=torch.float64, device=device)
    left = (i * (1 / inverse)).floor()
    fraction = ((i + 1) - (left + 1) * inverse).to(torch.float32)
    fraction = torch.where(fraction <= 0, torch.zeros_like(fraction), fraction - fraction.floor())
    return left.to(torch.int64), fraction
