from typing import Any

import numpy as np

from kernels.common.check_samples import check_samples
from kernels.numpy.check_array import check_array


def check_batch(name: str, value: Any, dtype: type, shape: tuple[str | int, ...]) -> None:
    """Refuse what is not a batch: samples in a sequence, or in one array with an axis in front."""
    if isinstance(value, np.ndarray):
        check_array(name, value, dtype, shape, batch=True)
    else:
        check_samples(name, value)
