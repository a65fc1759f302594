import torch

from kernels.resize.strip_size_torch import strip_size
from kernels.resize.torch_in_graph_torch import torch_in_graph
from kernels.resize.torch_planes_torch import torch_planes
from kernels.resize.torch_resize_u8_torch import torch_resize_u8


def torch_resize(
    x: torch.Tensor, h: int, w: int, mode: str, antialias: bool = False
) -> torch.Tensor:
    """torch's own interpolation of [..., h, w, c], some pictures at a time.

    With many at once it takes twice as long on a processor, for the memory that it asks for.
    """
    sh, sw, c = x.shape[-3], x.shape[-2], x.shape[-1]
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        return torch_in_graph(x, h, w, mode, antialias)
    if sh == h and sw == w:
        return x.clone()
    if x.dtype == torch.uint8 and x.device.type != "cpu" and mode[:7] != "nearest":
        return torch_resize_u8(x, h, w, mode, antialias)
    batch = x.reshape(-1, sh, sw, c).permute(0, 3, 1, 2)
    count = batch.shape[0]
    step = 2 * strip_size(count, max(sh * sw, h * w) * c, x.device)
    found = torch_planes(batch[:step], h, w, mode, antialias)
    if step < count:
        shape = [count, h, w, c] if x.dtype == torch.uint8 else [count, c, h, w]
        whole = x.new_empty(shape)
        whole = whole.permute(0, 3, 1, 2) if x.dtype == torch.uint8 else whole
        whole[:step] = found
        for start in range(step, count, step):
            part = batch[start : start + step]
            whole[start : start + step] = torch_planes(part, h, w, mode, antialias)
        found = whole
    return found.permute(0, 2, 3, 1).reshape(list(x.shape[:-3]) + [h, w, c])
