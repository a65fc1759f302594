import torch


def row_parts(x: torch.Tensor) -> list[torch.Tensor]:
    """The rows of images [..., h, w, c] in parts of some 32,000 pixels, which stay in cache."""
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        return [x]
    row = max(1, x[..., 0, :, 0].numel())
    step = max(1, 32768 // row) if x.device.type == "cpu" else x.shape[-3]
    return list(x.split(step, -3))
