import torch
from torch.nn import functional


def torch_resize(
    x: torch.Tensor, h: int, w: int, mode: str, antialias: bool = False
) -> torch.Tensor:
    """torch's own interpolation of [..., h, w, c]."""
    if x.shape[-3] == h and x.shape[-2] == w:
        return x.clone()
    batch = x.reshape([-1] + list(x.shape[-3:])).permute(0, 3, 1, 2)
    if mode == "nearest" or mode == "nearest-exact":
        batch = functional.interpolate(batch, [h, w], mode=mode)
    elif x.dtype == torch.uint8:  # torch sees that its channels are last
        if h == 1 and w == 1:  # three planes to one pixel fail in torch 2.13
            batch = batch.contiguous(memory_format=torch.channels_last)
        batch = torch_linear(batch, h, w, mode, antialias)
    elif antialias and w == 1:  # a column's own pass is wrong in torch 2.13, a row's is right
        across = torch_linear(plane_by_plane(batch), x.shape[-3], 1, mode, True).transpose(2, 3)
        batch = torch_linear(plane_by_plane(across), 1, h, mode, True).transpose(2, 3)
    else:
        batch = torch_linear(plane_by_plane(batch), h, w, mode, antialias)
    return batch.permute(0, 2, 3, 1).reshape(list(x.shape[:-3]) + [h, w, x.shape[-1]])


def torch_linear(x: torch.Tensor, h: int, w: int, mode: str, antialias: bool) -> torch.Tensor:
    """`F.interpolate` of [n, c, h, w], corners apart."""
    return functional.interpolate(x, [h, w], mode=mode, align_corners=False, antialias=antialias)


def plane_by_plane(x: torch.Tensor) -> torch.Tensor:
    """A copy in which planes follow each other in memory.

    By the strides torch chooses the order in which it adds float32, and those of an axis of one
    may be any: a batch would have other bits than its samples.
    """
    return x.clone(memory_format=torch.contiguous_format)
