import torch

from kernels.geometry.for_samples_torch import for_samples


def boxes_scaled(
    boxes: torch.Tensor, sizes: list[tuple[int, int]], to_pixels: bool, y_first: bool
) -> torch.Tensor:
    """Boxes in pixels of pictures of these heights and widths, or in 0..1 of them."""
    h = for_samples([size[0] for size in sizes], boxes)
    w = for_samples([size[1] for size in sizes], boxes)
    by = torch.cat([h, w, h, w] if y_first else [w, h, w, h], dim=-1)
    if to_pixels:
        return boxes * by
    return boxes / by
