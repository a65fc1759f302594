"""torch's own functions, for the samplers that are named after it."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional


def resize(kernel: str, x: np.ndarray, h: int, w: int) -> np.ndarray:
    return interpolated(kernel, torch.from_numpy(x).permute(2, 0, 1)[None], h, w)


def interpolated(kernel: str, batch: torch.Tensor, h: int, w: int) -> np.ndarray:
    """One picture [1, c, h, w], in whatever layout it lies."""
    mode, antialias = kernel.removesuffix("_aa"), kernel.endswith("_aa")
    if mode.startswith("nearest"):
        resized = functional.interpolate(batch, (h, w), mode=mode.replace("_", "-"))
    else:
        resized = functional.interpolate(
            batch, (h, w), mode=mode, align_corners=False, antialias=antialias
        )
    return resized[0].permute(1, 2, 0).numpy()
