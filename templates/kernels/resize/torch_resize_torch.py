import torch
from torch.nn import functional


def torch_resize(
    x: torch.Tensor, h: int, w: int, mode: str, antialias: bool = False
) -> torch.Tensor:
    """torch's own interpolation of [h, w, c]."""
    if x.shape[0] == h and x.shape[1] == w:
        return x.clone()
    planes = x[:, :, None] if x.dim() == 2 else x
    batch = planes.permute(2, 0, 1)[None]
    if mode == "nearest" or mode == "nearest-exact":
        batch = functional.interpolate(batch, [h, w], mode=mode)
    elif x.dtype == torch.uint8:
        batch = planes[None].permute(0, 3, 1, 2)  # torch sees that its channels are last
        if h == 1 and w == 1:  # three planes to one pixel fail in torch 2.13
            batch = batch.contiguous(memory_format=torch.channels_last)
        batch = torch_linear(batch, h, w, mode, antialias)
    elif antialias and w == 1:  # a column's own pass is wrong in torch 2.13, a row's is right
        across = torch_linear(batch, x.shape[0], 1, mode, True).transpose(2, 3)
        batch = torch_linear(across, 1, h, mode, True).transpose(2, 3)
    else:
        batch = torch_linear(batch, h, w, mode, antialias)
    result = batch[0].permute(1, 2, 0)
    return result[:, :, 0] if x.dim() == 2 else result


def torch_linear(x: torch.Tensor, h: int, w: int, mode: str, antialias: bool) -> torch.Tensor:
    """`F.interpolate` of [n, c, h, w], corners apart."""
    return functional.interpolate(x, [h, w], mode=mode, align_corners=False, antialias=antialias)
