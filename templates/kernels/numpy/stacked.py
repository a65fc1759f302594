from collections.abc import Sequence

import numpy as np


def stacked(samples: Sequence[np.ndarray], out: np.ndarray | None) -> np.ndarray:
    """The samples as one array; they must have one shape."""
    shapes = sorted({sample.shape for sample in samples})
    if len(shapes) != 1:
        raise ValueError(f"a batch needs samples of one shape, got {shapes or 'no samples'}")
    return np.stack(list(samples), out=out)
