import torch


def pil_ycbcr(x: torch.Tensor, red: int) -> torch.Tensor:
    """Pillow's YCbCr of uint8 [h, w, 3]; red is the channel `red` of `x`."""
    r, g, b = (
        x[:, :, red].to(torch.int32),
        x[:, :, 1].to(torch.int32),
        x[:, :, 2 - red].to(torch.int32),
    )
    sums = [[0.299, 0.587, 0.114], [-0.16874, -0.33126, 0.5], [0.5, -0.41869, -0.08131]]
    planes: list[torch.Tensor] = []
    for channel, weights in enumerate(sums):
        total = level_table(weights[0], 0, x)[r]
        total += level_table(weights[1], 0, x)[g]
        total += level_table(weights[2], 0, x)[b]
        total >>= 6
        if channel > 0:
            total += 128
        planes.append(total.clamp_(0, 255).to(torch.uint8))
    return torch.stack(planes, dim=2)


def pil_ycbcr_to_rgb(x: torch.Tensor, red: int) -> torch.Tensor:
    """The way back."""
    y, cb, cr = x[:, :, 0], x[:, :, 1].to(torch.int32), x[:, :, 2].to(torch.int32)
    r = level_table(1.402, -128, x)[cr]
    g = level_table(-0.34414, -128, x)[cb] + level_table(-0.71414, -128, x)[cr]
    b = level_table(1.772, -128, x)[cb]
    planes = [r, g, b] if red == 0 else [b, g, r]
    return torch.stack(
        [plane.bitwise_right_shift_(6).add_(y).clamp_(0, 255).to(torch.uint8) for plane in planes],
        dim=2,
    )


def level_table(weight: float, low: int, like: torch.Tensor) -> torch.Tensor:
    """The weight times each of 256 levels from `low` on, in units of 1/64."""
    level = torch.arange(low, low + 256, dtype=torch.float64, device=like.device)
    return (level * (weight * 64) + 0.5).trunc().to(torch.int16)
