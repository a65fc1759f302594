import torch


def check_out(out: torch.Tensor, shape: list[int], dtype: torch.dtype) -> None:
    """Refuse what a result of this shape and dtype cannot be written into."""
    if not torch.jit.is_scripting() and not isinstance(out, torch.Tensor):
        raise ValueError(f"out: expected a tensor of {dtype} {shape}, got {type(out).__name__}")
    if list(out.shape) != shape or out.dtype != dtype:
        raise ValueError(f"out: expected a tensor of {dtype} {shape}, got {out.dtype} {out.shape}")
    if out.requires_grad:
        raise ValueError("out: expected a tensor without requires_grad")
