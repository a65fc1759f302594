from collections.abc import Sequence

import numpy as np

from kernels.checks.check_out_numpy import check_out


def stacked(samples: Sequence[np.ndarray], out: np.ndarray | None, name: str) -> np.ndarray:
    """The samples as one array; they must have one shape."""
    shapes = sorted({sample.shape for sample in samples})
    if len(shapes) != 1:
        raise ValueError(f"a batch needs samples of one shape, got {shapes or 'no samples'}")
    if out is not None:
        check_out(name, out, (len(samples), *shapes[0]), samples[0].dtype)
    return np.stack(list(samples), out=out)
