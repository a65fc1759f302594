import torch

from kernels.torch.halved import halved
from kernels.torch.interpolated import interpolated
from kernels.torch.weights_11_bit import weights_11_bit


def cv2_linear(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_LINEAR on uint8, in its fixed point."""
    sh, sw = x.shape[0], x.shape[1]
    if sh == h and sw == w:
        return x.clone()
    if sh == 2 * h and sw == 2 * w:
        return halved(x)
    return interpolated(x, cv2_linear_taps(sh, h, x), cv2_linear_taps(sw, w, x))


def cv2_linear_taps(
    source: int, target: int, like: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """For each target pixel the source pixel left of it and the weights of it and the next."""
    scale = 1 / (target / source)
    i = torch.arange(target, dtype=torch.float64, device=like.device)
    place = ((i + 0.5) * scale - 0.5).to(torch.float32)
    left = place.floor()
    a0, a1 = weights_11_bit(place - left)
    return left.to(torch.int64), a0, a1
