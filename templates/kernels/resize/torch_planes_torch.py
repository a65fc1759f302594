import torch
from torch.nn import functional


def torch_planes(x: torch.Tensor, h: int, w: int, mode: str, antialias: bool) -> torch.Tensor:
    """torch's own interpolation of [n, c, h, w], all at once."""
    if mode == "nearest" or mode == "nearest-exact":
        return functional.interpolate(x, [h, w], mode=mode)
    if x.dtype == torch.uint8:  # torch sees that its channels are last
        if x.shape[-1] == 1 or (h == 1 and w == 1):  # three planes to one pixel fail in torch 2.13
            x = pixel_by_pixel(x)
        return torch_linear(x, h, w, mode, antialias)
    if antialias and w == 1:  # a column's own pass is wrong in torch 2.13, a row's is right
        across = torch_linear(plane_by_plane(x), x.shape[2], 1, mode, True).transpose(2, 3)
        return torch_linear(plane_by_plane(across), 1, h, mode, True).transpose(2, 3)
    return torch_linear(plane_by_plane(x), h, w, mode, antialias)


def torch_linear(x: torch.Tensor, h: int, w: int, mode: str, antialias: bool) -> torch.Tensor:
    """`F.interpolate` of [n, c, h, w], corners apart."""
    return functional.interpolate(x, [h, w], mode=mode, align_corners=False, antialias=antialias)


def pixel_by_pixel(x: torch.Tensor) -> torch.Tensor:
    """The same in memory in which pixels follow each other, with the strides of that.

    torch reads a column by the stride from one pixel of a row to the next, which there is not: it
    may be any, and leads out of the picture.
    """
    pixels = x.movedim(1, -1).contiguous()
    return pixels.view(-1).view(pixels.shape).movedim(-1, 1)


def plane_by_plane(x: torch.Tensor) -> torch.Tensor:
    """The same in memory in which planes follow each other, with the strides of that.

    By the strides torch chooses the order in which it adds float32, and those of an axis of one
    may be any: a batch would have other bits than its samples.
    """
    return x.contiguous().view(-1).view(x.shape)
