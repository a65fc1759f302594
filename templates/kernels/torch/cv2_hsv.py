import torch


def cv2_hsv(x: torch.Tensor, red: int, degrees: int) -> torch.Tensor:
    """OpenCV's hue (of `degrees` to the circle), saturation and value of uint8 [h, w, 3].

    Red is the channel `red` of `x`.
    """
    i = torch.arange(256, device=x.device, dtype=torch.float64)
    by_value = ((255 << 12) / i.clamp(min=1)).round().to(torch.int32)
    by_difference = ((degrees << 12) / (6 * i.clamp(min=1))).round().to(torch.int32)
    r, g, b = (
        x[:, :, red].to(torch.int32),
        x[:, :, 1].to(torch.int32),
        x[:, :, 2 - red].to(torch.int32),
    )
    v = torch.maximum(torch.maximum(r, g), b)
    d = v - torch.minimum(torch.minimum(r, g), b)
    s = by_value[v].mul_(d).add_(1 << 11).bitwise_right_shift_(12)
    sector = torch.where(v == g, b - r + 2 * d, r - g + 4 * d)
    sector = torch.where(v == r, g - b, sector)
    h = by_difference[d].mul_(sector).add_(1 << 11).bitwise_right_shift_(12)
    h += (h < 0) * degrees
    return torch.stack([h.to(torch.uint8), s.to(torch.uint8), v.to(torch.uint8)], dim=2)
