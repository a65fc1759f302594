import torch

from kernels.graphs.exact_number_torch import exact_number
from kernels.levels.looked_up_torch import looked_up
from kernels.resize.row_parts_torch import row_parts


def pil_ycbcr(x: torch.Tensor, red: int) -> torch.Tensor:
    """Pillow's YCbCr of uint8 [..., h, w, 3]; red is the channel `red` of `x`."""
    tables = [
        [level_table(0.299, 0, x), level_table(0.587, 0, x), level_table(0.114, 0, x)],
        [level_table(-0.16874, 0, x), level_table(-0.33126, 0, x), level_table(0.5, 0, x)],
        [level_table(0.5, 0, x), level_table(-0.41869, 0, x), level_table(-0.08131, 0, x)],
    ]
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        r, g, b = rows[..., red], rows[..., 1], rows[..., 2 - red]
        planes: list[torch.Tensor] = []
        for channel, of in enumerate(tables):
            total = looked_up(of[0], r).add_(looked_up(of[1], g)).add_(looked_up(of[2], b))
            total.bitwise_right_shift_(6)
            if channel > 0:
                total += 128
            planes.append(total.clamp_(0, 255).to(torch.uint8))
        parts.append(torch.stack(planes, dim=-1))
    return torch.cat(parts, dim=-3)


def pil_ycbcr_to_rgb(x: torch.Tensor, red: int) -> torch.Tensor:
    """The way back."""
    of_red, of_blue = level_table(1.402, -128, x), level_table(1.772, -128, x)
    green_red, green_blue = level_table(-0.71414, -128, x), level_table(-0.34414, -128, x)
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        y, cb, cr = rows.unbind(-1)
        r, b = looked_up(of_red, cr), looked_up(of_blue, cb)
        g = looked_up(green_blue, cb).add_(looked_up(green_red, cr))
        planes = [
            plane.bitwise_right_shift_(6).add_(y).clamp_(0, 255).to(torch.uint8)
            for plane in ([r, g, b] if red == 0 else [b, g, r])
        ]
        parts.append(torch.stack(planes, dim=-1))
    return torch.cat(parts, dim=-3)


def level_table(weight: float, low: int, like: torch.Tensor) -> torch.Tensor:
    """The weight times each of 256 levels from `low` on, in units of 1/64."""
    level = torch.arange(low, low + 256, dtype=torch.float64, device=like.device)
    return (level * exact_number(weight * 64, like.device) + 0.5).trunc().to(torch.int32)
