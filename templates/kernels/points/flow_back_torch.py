import torch

from kernels.geometry.for_samples_torch import for_samples
from kernels.geometry.placement import Placement


def flow_back(flow: torch.Tensor, at: list[Placement]) -> torch.Tensor:
    """Vectors [..., xy=2, h, w] in pixels of a step's result in those of its input."""
    u, v = flow.unbind(-3)
    if at[0].transposed:
        u, v = v, u
    u = u * for_samples([p.source_w for p in at], u) / for_samples([p.content_w for p in at], u)
    v = v * for_samples([p.source_h for p in at], v) / for_samples([p.content_h for p in at], v)
    return torch.stack([u, v], dim=-3)
