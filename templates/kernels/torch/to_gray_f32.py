import torch


def to_gray_f32(x: torch.Tensor, rgb: list[int]) -> torch.Tensor:
    """The luma of uint8 [h, w, c] as torchvision computes it, as [h, w, 1]; `rgb` are channels."""
    r, g, b = rgb
    total = x[:, :, r] * 0.2989
    total += x[:, :, g] * 0.587
    total += x[:, :, b] * 0.114
    return total.to(torch.uint8)[:, :, None]
