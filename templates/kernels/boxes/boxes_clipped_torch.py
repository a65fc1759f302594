import torch


def boxes_clipped(boxes: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Boxes (x1, y1, x2, y2) limited to an image of this height and width."""
    h, w = size
    high = torch.tensor([w, h, w, h], dtype=boxes.dtype, device=boxes.device)
    boxes = torch.where(boxes < 0, torch.zeros_like(boxes), boxes)
    return torch.where(boxes > high, high, boxes)
