import torch


def ground(x: torch.Tensor, h: int, w: int, fill: torch.Tensor) -> torch.Tensor:
    """New memory for images like `x` of h x w, full of one pixel."""
    shape = list(x.shape[:-3]) + [h, w, x.shape[-1]]
    if torch.jit.is_scripting() or not torch.compiler.is_compiling():
        return x.new_empty(shape).copy_(fill)  # made of `x`, as vmap wants it
    return fill.expand(shape).clone()  # ONNX has no copy that fills
