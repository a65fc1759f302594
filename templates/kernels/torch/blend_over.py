import torch


def blend_over(
    x: torch.Tensor, order: list[int], alpha_at: int, fill: torch.Tensor
) -> torch.Tensor:
    """The channels `order` of uint8 [h, w, c], blended over a ground as Pillow pastes.

    Alpha is the channel `alpha_at`; `fill` has a number for each channel of the result.
    """
    alpha = x[:, :, alpha_at].to(torch.int32)
    through = 255 - alpha
    planes: list[torch.Tensor] = []
    for c, channel in enumerate(order):
        total = through * fill[c]
        total += x[:, :, channel] * alpha
        total += 128
        total += total >> 8
        total >>= 8
        planes.append(total.to(torch.uint8))
    return torch.stack(planes, dim=2)
