import torch
from torch.nn.functional import pad


def newton_step(
    x: torch.Tensor,
    rows: torch.Tensor,
    columns: torch.Tensor,
    scores: torch.Tensor,
    udp: bool,
    kernel: list[float],
) -> torch.Tensor:
    """From places (column, row) of maps [..., h, w] to the peaks of their blurred logarithms."""
    h, w = x.shape[-2], x.shape[-1]
    flat = blurred_maps(x, kernel).flatten(-2)
    highest = flat.amax(-1)
    near: list[torch.Tensor] = []
    for dy in range(-2, 3):
        for dx in range(-2, 3):
            at = (rows + dy).clamp(0, h - 1) * w + (columns + dx).clamp(0, w - 1)
            found = flat.gather(-1, at[..., None])[..., 0] * (scores / highest)
            if udp:
                found = found.clamp(1e-3, 50)
            near.append(found.clamp(min=1e-10).log())
    middle = near[12]
    gx, gy = 0.5 * (near[13] - near[11]), 0.5 * (near[17] - near[7])
    inside = scores.isfinite() & (highest > 0)
    if udp:
        dxx = near[13] - 2 * middle + near[11] + 2.0**-23
        dyy = near[17] - 2 * middle + near[7] + 2.0**-23
        dxy = near[18] - near[13] - near[17] + middle
        dxy = 0.5 * (dxy + middle - near[11] - near[7] + near[6])
    else:
        dxx = 0.25 * (near[14] - 2 * middle + near[10])
        dyy = 0.25 * (near[22] - 2 * middle + near[2])
        dxy = 0.25 * (near[18] - near[8] - near[16] + near[6])
        inside = inside & (columns > 1) & (columns < w - 2) & (rows > 1) & (rows < h - 2)
    area = dxx * dyy - dxy * dxy
    step = torch.stack([dxy * gy - dyy * gx, dxy * gx - dxx * gy], dim=-1) / area[..., None]
    return torch.where((inside & (area != 0))[..., None], step, torch.zeros_like(step))


def blurred_maps(x: torch.Tensor, kernel: list[float]) -> torch.Tensor:
    """Maps, with 0 round them and for what is not finite, blurred along both axes in float64."""
    h, w = x.shape[-2], x.shape[-1]
    reach = len(kernel) // 2
    finite = torch.where(x.isfinite(), x, torch.zeros_like(x)).to(torch.float64)
    padded = pad(finite, [reach, reach, reach, reach])
    across = torch.zeros_like(padded[..., :w])
    for i, k in enumerate(kernel):
        across = across + k * padded[..., i : i + w]
    found = torch.zeros_like(finite)
    for i, k in enumerate(kernel):
        found = found + k * across[..., i : i + h, :]
    return found
