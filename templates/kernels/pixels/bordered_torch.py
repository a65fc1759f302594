import torch

from kernels.geometry.placement import Placement


def bordered(plane: torch.Tensor, at: Placement, border: torch.Tensor) -> torch.Tensor:
    """Write the border round where `at` puts the content of a plane; what it leaves free."""
    bottom, right = at.top + at.content_h, at.left + at.content_w
    plane[..., : at.top, :] = border
    plane[..., bottom:, :] = border
    plane[..., at.top : bottom, : at.left] = border
    plane[..., at.top : bottom, right:] = border
    return plane[..., at.top : bottom, at.left : right]
