import torch
from torch.nn.functional import pad

from kernels.graphs.exported_torch import is_exporting


def largest_component(mask: torch.Tensor, corners: bool) -> torch.Tensor:
    """The largest connected part of masks [..., h, w], of equal ones that with the first pixel.

    A pixel takes the largest label round it, and then the label of the pixel that its own names:
    the first one of its part has the largest.
    """
    if not torch.jit.is_scripting() and torch.compiler.is_compiling() and is_exporting():
        raise RuntimeError(
            "the largest component is found in as many rounds as a mask needs, which an exported "
            "graph cannot hold: take it on the host, or script the module"
        )
    h, w = mask.shape[-2], mask.shape[-1]
    size = h * w
    none = torch.zeros(mask.shape, dtype=torch.int64, device=mask.device)
    places = torch.arange(size, 0, -1, device=mask.device).reshape(h, w)
    labels = torch.where(mask, places, none)
    changed = mask.numel() > 0
    while changed:
        around = pad(labels, [1, 1, 1, 1])
        across = torch.maximum(around[..., :-2], around[..., 2:])
        across = torch.maximum(across, around[..., 1:-1])
        rows = across if corners else around[..., 1:-1]
        spread = torch.maximum(rows[..., :-2, :], rows[..., 2:, :])
        spread = torch.where(mask, torch.maximum(spread, across[..., 1:-1, :]), none)
        named = (size - spread.clamp(min=1)).flatten(-2)
        spread = torch.where(mask, spread.flatten(-2).gather(-1, named).reshape(mask.shape), none)
        changed = not torch.equal(spread, labels)
        labels = spread
    flat = (size - labels).flatten(-2)
    counts = torch.zeros(list(flat.shape[:-1]) + [size + 1], dtype=torch.int64, device=mask.device)
    counts = counts.scatter_add(-1, flat, torch.ones_like(flat))[..., :size]
    first = torch.where(counts == counts.amax(-1, keepdim=True), size - places.flatten(), size)
    return mask & (labels == size - first.amin(-1)[..., None, None])
