from collections.abc import Sequence

import torch


def device_of(samples: Sequence[torch.Tensor] | torch.Tensor) -> torch.device:
    """Where the samples lie."""
    first = samples[0] if len(samples) else None
    return first.device if isinstance(first, torch.Tensor) else torch.device("cpu")
