import torch


def check_out(name: str, out: torch.Tensor, shape: list[int], dtype: torch.dtype) -> None:
    """Refuse what a result of this shape and dtype cannot be written into."""
    wanted = f"{name}: expected a tensor of {dtype} {shape}"
    if not torch.jit.is_scripting() and not isinstance(out, torch.Tensor):
        raise TypeError(f"{wanted}, got {type(out).__name__}")
    if out.dtype != dtype:
        raise TypeError(f"{wanted}, got {out.dtype} {list(out.shape)}")
    if list(out.shape) != shape:
        raise ValueError(f"{wanted}, got {out.dtype} {list(out.shape)}")
    if out.requires_grad:
        raise ValueError(f"{wanted} without requires_grad, got one with it")
    if not torch.jit.is_scripting():
        reach = 1
        for stride, size in sorted(zip(out.stride(), shape, strict=True)):
            if stride < reach and size > 1 and out.numel():
                raise ValueError(f"{wanted} with memory of its own for each value, got a view")
            reach = max(reach, stride * size)
