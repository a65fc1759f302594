import torch

from kernels.resize.warped_pixels_torch import warped_pixels
from kernels.resize.warped_places_torch import warped_places, warped_places_1024


def warped_nearest(
    x: torch.Tensor, matrix: torch.Tensor, h: int, w: int, fill: torch.Tensor, fixed: bool
) -> torch.Tensor:
    """OpenCV's warpAffine with INTER_NEAREST: that of OpenCV 5, or `fixed` up to 4."""
    source = [x.shape[-3], x.shape[-2]]
    if fixed:
        rows, columns = warped_places_1024(matrix, h, w, source, 512)
        return warped_pixels(x, rows >> 10, columns >> 10, fill)
    down, across = warped_places(matrix, h, w, source)
    rows, columns = down.round().to(torch.int64), across.round().to(torch.int64)
    return warped_pixels(x, rows, columns, fill)
