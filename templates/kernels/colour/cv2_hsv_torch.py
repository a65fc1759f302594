import torch

from kernels.levels.looked_up_torch import looked_up
from kernels.resize.row_parts_torch import row_parts


def cv2_hsv(x: torch.Tensor, red: int, degrees: int) -> torch.Tensor:
    """OpenCV's hue (of `degrees` to the circle), saturation and value of uint8 [..., h, w, 3].

    Red is the channel `red` of `x`.
    """
    i = torch.arange(256, device=x.device, dtype=torch.float64)
    by_value = ((255 << 12) / i.clamp(min=1)).round().to(torch.int32)
    by_difference = ((degrees << 12) / (6 * i.clamp(min=1))).round().to(torch.int32)
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        planes = rows.movedim(-1, 0).contiguous()
        r, g, b = planes[red], planes[1], planes[2 - red]
        v = torch.maximum(torch.maximum(r, g), b)
        d = v - torch.minimum(torch.minimum(r, g), b)
        s = looked_up(by_value, v).mul_(d).add_(1 << 11).bitwise_right_shift_(12)
        is_red, is_green = v == r, v == g
        r, g, b, twice = r.to(torch.int32), g.to(torch.int32), b.to(torch.int32), d.to(torch.int32)
        twice *= 2
        sector = torch.where(is_green, (b - r).add_(twice), (r - g).add_(twice, alpha=2))
        h = looked_up(by_difference, d).mul_(torch.where(is_red, g - b, sector))
        h.add_(1 << 11).bitwise_right_shift_(12)
        h += (h >> 31).bitwise_and_(degrees)  # where it is below 0
        parts.append(torch.stack([h.to(torch.uint8), s.to(torch.uint8), v], dim=-1))
    return torch.cat(parts, dim=-3)
