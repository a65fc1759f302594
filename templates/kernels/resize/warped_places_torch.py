import torch

from kernels.geometry.affine_back_torch import affine_back


def warped_places(
    matrix: torch.Tensor, h: int, w: int, source: list[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """The row and the column of each pixel's source in float32; -2 for what lies outside.

    The matrices [..., 2, 3] map the pictures to the results.
    """
    m = affine_back(matrix).to(torch.float32)[..., None, None]
    x = torch.arange(w, device=matrix.device).to(torch.float32)
    y = torch.arange(h, device=matrix.device).to(torch.float32)[:, None]
    a, b, c = m[..., 0, 0, :, :], m[..., 0, 1, :, :], m[..., 0, 2, :, :]
    d, e, f = m[..., 1, 0, :, :], m[..., 1, 1, :, :], m[..., 1, 2, :, :]
    return near_picture(x * d + (y * e + f), source[0], 1), near_picture(
        x * a + (y * b + c), source[1], 1
    )


def warped_places_1024(
    matrix: torch.Tensor, h: int, w: int, source: list[int], more: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """The same in units of 1/1024 pixel and so much more, whole numbers in int64."""
    m = affine_back(matrix)[..., None, None]
    x = torch.arange(w, device=matrix.device).to(torch.float64)
    y = torch.arange(h, device=matrix.device).to(torch.float64)[:, None]
    a, b, c = m[..., 0, 0, :, :], m[..., 0, 1, :, :], m[..., 0, 2, :, :]
    d, e, f = m[..., 1, 0, :, :], m[..., 1, 1, :, :], m[..., 1, 2, :, :]
    rows = torch.round((e * y + f) * 1024) + torch.round(d * x * 1024) + more
    columns = torch.round((b * y + c) * 1024) + torch.round(a * x * 1024) + more
    return (
        near_picture(rows, source[0], 1024).to(torch.int64),
        near_picture(columns, source[1], 1024).to(torch.int64),
    )


def near_picture(places: torch.Tensor, size: int, unit: int) -> torch.Tensor:
    """The places from one pixel before the picture on to its end, and -2 pixels for others."""
    inside = (places >= -unit) & (places < size * unit)
    return torch.where(inside, places, torch.full_like(places, -2 * unit))
