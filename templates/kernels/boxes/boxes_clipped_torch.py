import torch

from kernels.geometry.for_samples_torch import for_samples


def boxes_clipped(boxes: torch.Tensor, sizes: list[tuple[int, int]]) -> torch.Tensor:
    """Boxes (x1, y1, x2, y2) limited to images of these heights and widths."""
    h = for_samples([size[0] for size in sizes], boxes)
    w = for_samples([size[1] for size in sizes], boxes)
    high = torch.cat([w, h, w, h], dim=-1)
    boxes = torch.where(boxes < 0, torch.zeros_like(boxes), boxes)
    return torch.where(boxes > high, high, boxes)
