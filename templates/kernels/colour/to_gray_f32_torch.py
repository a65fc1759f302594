import torch

from kernels.resize.row_parts_torch import row_parts


def to_gray_f32(x: torch.Tensor, rgb: list[int]) -> torch.Tensor:
    """The luma of uint8 [..., h, w, c] as torchvision computes it, with an axis of one channel.

    `rgb` are the channels of these.
    """
    r, g, b = rgb
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        total = rows[..., r].to(torch.float32) * 0.2989
        total += rows[..., g].to(torch.float32) * 0.587
        total += rows[..., b].to(torch.float32) * 0.114
        parts.append(total.to(torch.uint8)[..., None])
    return torch.cat(parts, dim=-3)
