import torch


def boxes_clipped(boxes: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Boxes (x1, y1, x2, y2) limited to an image of this height and width."""
    h, w = size
    x, y = boxes[:, 0::2].clamp(0, w), boxes[:, 1::2].clamp(0, h)
    return torch.stack([x, y], dim=2).flatten(1)
