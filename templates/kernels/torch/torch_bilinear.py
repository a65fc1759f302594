import torch
from torch.nn import functional


def torch_bilinear(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """torch's own bilinear interpolation of [h, w, c]."""
    if x.shape[0] == h and x.shape[1] == w:
        return x.clone()
    planes = x[:, :, None] if x.dim() == 2 else x
    batch = planes.permute(2, 0, 1)[None]
    resized = functional.interpolate(batch, [h, w], mode="bilinear", align_corners=False)
    result = resized[0].permute(1, 2, 0)
    return result[:, :, 0] if x.dim() == 2 else result
