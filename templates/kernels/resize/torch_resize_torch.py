import torch
from torch.nn import functional

from kernels.resize.strip_size_torch import strip_size
from kernels.resize.torch_resize_u8_torch import torch_resize_u8


def torch_resize(
    x: torch.Tensor, h: int, w: int, mode: str, antialias: bool = False
) -> torch.Tensor:
    """torch's own interpolation of [..., h, w, c], some pictures at a time.

    With many at once it takes twice as long on a processor, for the memory that it asks for.
    """
    sh, sw, c = x.shape[-3], x.shape[-2], x.shape[-1]
    if sh == h and sw == w:
        return x.clone()
    if x.dtype == torch.uint8 and x.device.type != "cpu" and mode[:7] != "nearest":
        return torch_resize_u8(x, h, w, mode, antialias)
    batch = x.reshape(-1, sh, sw, c).permute(0, 3, 1, 2)
    count = batch.shape[0]
    step = 4 * strip_size(count, max(sh * sw, h * w) * c, x.device)
    found = torch_planes(batch[:step], h, w, mode, antialias)
    if step < count:
        shape = [count, h, w, c] if x.dtype == torch.uint8 else [count, c, h, w]
        whole = torch.empty(shape, dtype=x.dtype, device=x.device)
        whole = whole.permute(0, 3, 1, 2) if x.dtype == torch.uint8 else whole
        whole[:step] = found
        for start in range(step, count, step):
            part = batch[start : start + step]
            whole[start : start + step] = torch_planes(part, h, w, mode, antialias)
        found = whole
    return found.permute(0, 2, 3, 1).reshape(list(x.shape[:-3]) + [h, w, c])


def torch_planes(x: torch.Tensor, h: int, w: int, mode: str, antialias: bool) -> torch.Tensor:
    """The same of [n, c, h, w], all at once."""
    if mode == "nearest" or mode == "nearest-exact":
        return functional.interpolate(x, [h, w], mode=mode)
    if x.dtype == torch.uint8:  # torch sees that its channels are last
        if h == 1 and w == 1:  # three planes to one pixel fail in torch 2.13
            x = x.contiguous(memory_format=torch.channels_last)
        return torch_linear(x, h, w, mode, antialias)
    if antialias and w == 1:  # a column's own pass is wrong in torch 2.13, a row's is right
        across = torch_linear(plane_by_plane(x), x.shape[2], 1, mode, True).transpose(2, 3)
        return torch_linear(plane_by_plane(across), 1, h, mode, True).transpose(2, 3)
    return torch_linear(plane_by_plane(x), h, w, mode, antialias)


def torch_linear(x: torch.Tensor, h: int, w: int, mode: str, antialias: bool) -> torch.Tensor:
    """`F.interpolate` of [n, c, h, w], corners apart."""
    return functional.interpolate(x, [h, w], mode=mode, align_corners=False, antialias=antialias)


def plane_by_plane(x: torch.Tensor) -> torch.Tensor:
    """The same in memory in which planes follow each other, with the strides of that.

    By the strides torch chooses the order in which it adds float32, and those of an axis of one
    may be any: a batch would have other bits than its samples.
    """
    return x.contiguous().view(-1).view(x.shape)
