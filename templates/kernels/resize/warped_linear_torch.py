import torch

from kernels.resize.warped_pixels_torch import warped_pixels
from kernels.resize.warped_places_torch import warped_places, warped_places_1024


def warped_linear(
    x: torch.Tensor, matrix: torch.Tensor, h: int, w: int, fill: torch.Tensor, fixed: bool
) -> torch.Tensor:
    """OpenCV's warpAffine with INTER_LINEAR: that of OpenCV 5, or `fixed` up to 4."""
    source = [x.shape[-3], x.shape[-2]]
    if fixed:
        down, across = warped_places_1024(matrix, h, w, source, 16)
        down, across = down >> 5, across >> 5
        pixels = warped_four(x, down >> 5, across >> 5, fill)
        return mixed_by_32(pixels, (across & 31)[..., None], (down & 31)[..., None])
    down, across = warped_places(matrix, h, w, source)
    rows, columns = down.floor(), across.floor()
    pixels = [
        p.to(torch.float32)
        for p in warped_four(x, rows.to(torch.int64), columns.to(torch.int64), fill)
    ]
    f, g = (across - columns)[..., None], (down - rows)[..., None]
    upper = pixels[0] + f * (pixels[1] - pixels[0])
    lower = pixels[2] + f * (pixels[3] - pixels[2])
    found = upper + g * (lower - upper)
    return found.round().to(torch.uint8) if x.dtype == torch.uint8 else found


def warped_four(
    x: torch.Tensor, top: torch.Tensor, left: torch.Tensor, fill: torch.Tensor
) -> list[torch.Tensor]:
    """The four pixels round each place, row by row."""
    return [
        warped_pixels(x, top, left, fill),
        warped_pixels(x, top, left + 1, fill),
        warped_pixels(x, top + 1, left, fill),
        warped_pixels(x, top + 1, left + 1, fill),
    ]


def mixed_by_32(pixels: list[torch.Tensor], f: torch.Tensor, g: torch.Tensor) -> torch.Tensor:
    """Four pixels mixed by weights in units of 1/32: u8 in whole numbers, floats in float32."""
    if pixels[0].dtype == torch.uint8:
        f, g = f.to(torch.int32), g.to(torch.int32)
        a, b, c, d = [p.to(torch.int32) for p in pixels]
        found = (32 - g) * ((32 - f) * a + f * b) + g * ((32 - f) * c + f * d)
        return ((found + 512) >> 10).to(torch.uint8)
    f, g = f.to(torch.float32) / 32, g.to(torch.float32) / 32
    e, h = 1 - f, 1 - g
    a, b, c, d = pixels
    return a * (h * e) + b * (h * f) + c * (g * e) + d * (g * f)
