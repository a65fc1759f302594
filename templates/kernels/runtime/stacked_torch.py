from collections.abc import Sequence

import torch

from kernels.checks.check_out_torch import check_out


def stacked(samples: Sequence[torch.Tensor], out: torch.Tensor | None, name: str) -> torch.Tensor:
    """The samples as one tensor; they must have one shape. It carries no gradient."""
    shapes = sorted({tuple(sample.shape) for sample in samples})
    if len(shapes) != 1:
        raise ValueError(f"a batch needs samples of one shape, got {shapes or 'no samples'}")
    if out is not None:
        check_out(name, out, [len(samples), *shapes[0]], samples[0].dtype)
    return torch.stack([sample.detach() for sample in samples], out=out)
