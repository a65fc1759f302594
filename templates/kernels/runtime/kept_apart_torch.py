from typing import Any

import torch

from kernels.runtime.memory_of_torch import memory_of


def kept_apart(samples: Any, out: torch.Tensor) -> Any:
    """Samples, as copies where they lie in `out`, which is written while others are still read.

    A sequence that makes its samples as it is asked for them is left as it is.
    """
    there = memory_of(out)
    if isinstance(samples, list | tuple):
        return [not_in(there, out.device, x) for x in samples]
    return not_in(there, out.device, samples)


def not_in(memory: tuple[int, int], device: torch.device, x: Any) -> Any:
    """What a caller gave, or its copy where it is a tensor that may lie in this memory."""
    if not isinstance(x, torch.Tensor) or x.layout != torch.strided or x.device != device:
        return x
    start, end = memory_of(x)
    return x.clone() if start < memory[1] and memory[0] < end else x
