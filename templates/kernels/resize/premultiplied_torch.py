import torch


def premultiplied(x: torch.Tensor) -> torch.Tensor:
    """RGBA with its colours multiplied by alpha, rounded as Pillow does."""
    scaled = x[..., :3].to(torch.int32) * x[..., 3:] + 128
    colours = (((scaled >> 8) + scaled) >> 8).to(torch.uint8)
    return torch.cat([colours, x[..., 3:]], dim=-1)


def unpremultiplied(x: torch.Tensor) -> torch.Tensor:
    """The inverse, as Pillow computes it."""
    colours, alpha = x[..., :3].to(torch.int32), x[..., 3:].to(torch.int32)
    divided = ((255 * colours) // alpha.clamp(min=1)).clamp(max=255)
    restored = torch.where((alpha == 0) | (alpha == 255), colours, divided)
    return torch.cat([restored.to(torch.uint8), x[..., 3:]], dim=-1)
