from collections.abc import Sequence

import torch


def stacked(samples: Sequence[torch.Tensor], out: torch.Tensor | None) -> torch.Tensor:
    """The samples as one tensor; they must have one shape."""
    shapes = sorted({tuple(sample.shape) for sample in samples})
    if len(shapes) != 1:
        raise ValueError(f"a batch needs samples of one shape, got {shapes or 'no samples'}")
    return torch.stack(list(samples), out=out)
