import torch

from kernels.graphs.exact_number_torch import exact_number
from kernels.levels.looked_up_torch import looked_up
from kernels.resize.row_parts_torch import row_parts


def cv2_lab(x: torch.Tensor, red: int) -> torch.Tensor:
    """OpenCV's L*a*b* of uint8 [..., h, w, 3] in sRGB; red is the channel `red` of `x`."""
    curve, root = lab_tables(x.device)
    parts: list[torch.Tensor] = []
    for rows in row_parts(x):
        r = looked_up(curve, rows[..., red])
        g = looked_up(curve, rows[..., 1])
        b = looked_up(curve, rows[..., 2 - red])
        fx = looked_up(root, lab_sum(r * 1777, g, 1541, b, 778))
        fy = looked_up(root, lab_sum(r * 871, g, 2929, b, 296))
        fz = looked_up(root, lab_sum(r * 73, g, 448, b, 3575))
        fx.sub_(fy).mul_(500).add_(128 << 15)
        fz.sub_(fy).mul_(-200).add_(128 << 15)
        fy.mul_(296).sub_(1336934)
        planes = [
            plane.add_(1 << 14).bitwise_right_shift_(15).clamp_(0, 255).to(torch.uint8)
            for plane in [fy, fx, fz]
        ]
        parts.append(torch.stack(planes, dim=-1))
    return torch.cat(parts, dim=-3)


def lab_sum(
    total: torch.Tensor, g: torch.Tensor, of_g: int, b: torch.Tensor, of_b: int
) -> torch.Tensor:
    """The total and the weighed green and blue, from units of 2**-12."""
    total.add_(g, alpha=of_g).add_(b, alpha=of_b)
    return total.add_(1 << 11).bitwise_right_shift_(12)


def lab_tables(device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """The sRGB curve of each level in 2040 steps, and the cube root of each step in 2**15.

    No rounding is close enough to a tie for the last bits of `pow` to matter; but OpenCV's root is
    cut to the 24 bits of float32, which makes some ties. They are made on the host, for its `pow`.
    """
    host = torch.device("cpu")
    level = torch.arange(256, device=host, dtype=torch.float64) / 255
    power = ((level + exact_number(0.055, host)) / exact_number(1.055, host)).pow(
        exact_number(2.4, host)
    )
    dark = level <= exact_number(0.04045, host)
    curve = torch.where(dark, level / exact_number(12.92, host), power)
    step = torch.arange(3072, device=host, dtype=torch.float32) / 2040
    step = step.to(torch.float64)
    root = step.pow(exact_number(1 / 3, host))
    below = (
        (root < 1).to(torch.int64) + (root < 0.5).to(torch.int64) + (root < 0.25).to(torch.int64)
    )
    units = torch.tensor([2.0**23, 2.0**24, 2.0**25, 2.0**26], dtype=torch.float64, device=host)
    unit = units.index_select(0, below)
    root = (root * unit).floor() / unit
    line = step * exact_number(841 / 108, host) + exact_number(16 / 116, host)
    root = torch.where(step < exact_number(216 / 24389, host), line, root)
    curve, root = (curve * 2040).round().to(torch.int32), (root * 2**15).round().to(torch.int32)
    return curve.to(device, non_blocking=True), root.to(device, non_blocking=True)
