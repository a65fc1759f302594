from collections.abc import Mapping
from typing import Any

import numpy as np

from kernels.checks.check_array_numpy import check_array
from kernels.checks.check_samples import check_samples


def check_batch(
    name: str,
    value: Any,
    dtype: type,
    shape: tuple[str | int, ...],
    least: Mapping[str, int] | None = None,
) -> None:
    """Refuse what is not a batch: samples in a sequence, or in one array with an axis in front."""
    if isinstance(value, np.ndarray):
        check_array(name, value, dtype, shape, least, batch=True)
    else:
        check_samples(name, value)
