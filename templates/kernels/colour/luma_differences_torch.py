import torch

from kernels.resize.row_parts_torch import row_parts


def luma_differences(
    x: torch.Tensor, red: int, blue_at: int, to_red: int, to_blue: int
) -> torch.Tensor:
    """OpenCV's luma and two differences of uint8 [..., h, w, 3], in weights of 14 bits.

    Red is the channel `red` of `x`; the difference of blue becomes the channel `blue_at`.
    """
    bias = (128 << 14) + (1 << 13)
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        r, b = rows[..., red].to(torch.int32), rows[..., 2 - red].to(torch.int32)
        y = rows[..., 1].to(torch.int32).mul_(9617).add_(r, alpha=4899).add_(b, alpha=1868)
        y.add_(1 << 13).bitwise_right_shift_(14)
        r.sub_(y).mul_(to_red).add_(bias).bitwise_right_shift_(14).clamp_(0, 255)
        b.sub_(y).mul_(to_blue).add_(bias).bitwise_right_shift_(14).clamp_(0, 255)
        planes = [y, b, r] if blue_at == 1 else [y, r, b]
        parts.append(torch.stack([plane.to(torch.uint8) for plane in planes], dim=-1))
    return torch.cat(parts, dim=-3)


def luma_differences_to_rgb(
    x: torch.Tensor, red: int, blue_at: int, weights: tuple[int, int, int, int]
) -> torch.Tensor:
    """The way back; `weights` of red for R, of red and blue for G, of blue for B."""
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        y = rows[..., 0]
        of_red = rows[..., 3 - blue_at].to(torch.int32).sub_(128)
        of_blue = rows[..., blue_at].to(torch.int32).sub_(128)
        g = (of_red * weights[1]).add_(of_blue, alpha=weights[2])
        r, b = of_red.mul_(weights[0]), of_blue.mul_(weights[3])
        planes = [
            plane.add_(1 << 13).bitwise_right_shift_(14).add_(y).clamp_(0, 255).to(torch.uint8)
            for plane in ([r, g, b] if red == 0 else [b, g, r])
        ]
        parts.append(torch.stack(planes, dim=-1))
    return torch.cat(parts, dim=-3)
