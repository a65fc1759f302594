import torch

from kernels.resize.row_parts_torch import row_parts


def blend_over(
    x: torch.Tensor, order: list[int], alpha_at: int, fill: torch.Tensor
) -> torch.Tensor:
    """The channels `order` of uint8 [..., h, w, c], blended over a ground as Pillow pastes.

    Alpha is the channel `alpha_at`; `fill` has a number for each channel of the result.
    """
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        alpha = rows[..., alpha_at].to(torch.int32)
        through = 255 - alpha
        planes: list[torch.Tensor] = []
        for c, channel in enumerate(order):
            total = (through * fill[c]).addcmul_(alpha, rows[..., channel].to(torch.int32))
            total += 128
            total += total >> 8
            planes.append(total.bitwise_right_shift_(8).to(torch.uint8))
        parts.append(torch.stack(planes, dim=-1))
    return torch.cat(parts, dim=-3)
