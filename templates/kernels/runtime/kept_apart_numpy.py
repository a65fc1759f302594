from typing import Any

import numpy as np


def kept_apart(samples: Any, out: np.ndarray) -> Any:
    """Samples, as copies where they lie in `out`, which is written while others are still read.

    A sequence that makes its samples as it is asked for them is left as it is.
    """
    if isinstance(samples, list | tuple):
        return [not_in(out, x) for x in samples]
    return not_in(out, samples)


def not_in(out: np.ndarray, x: Any) -> Any:
    """What a caller gave, or its copy where it is an array that may lie in `out`."""
    return x.copy() if isinstance(x, np.ndarray) and np.may_share_memory(x, out) else x
