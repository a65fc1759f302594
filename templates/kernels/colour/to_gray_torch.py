import torch

from kernels.resize.row_parts_torch import row_parts


def to_gray(x: torch.Tensor, weights: torch.Tensor, shift: int) -> torch.Tensor:
    """The luma of uint8 [..., h, w, c], with an axis of one channel.

    The weights are in the order of the channels, in units of 2**-shift.
    """
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        total = torch.full_like(rows[..., 0], 1 << (shift - 1), dtype=torch.int32)
        for channel in range(weights.shape[0]):
            total.addcmul_(rows[..., channel].to(torch.int32), weights[channel])
        parts.append(total.bitwise_right_shift_(shift).to(torch.uint8)[..., None])
    return torch.cat(parts, dim=-3)
