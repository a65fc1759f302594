from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kernels.common.run_on_host import run_on_host
from kernels.common.stand_in import StandIn
from kernels.numpy.probe import probe
from kernels.numpy.verify import verify


def run_extern(
    names: Sequence[str],
    name: str,
    target: str,
    function: Callable[..., Any],
    given: Sequence[np.ndarray],
    wanted: Sequence[tuple[str, Sequence[int | str]]],
) -> list[np.ndarray]:
    """What an extern gives, or in `self_check` a probe for each of its results.

    Errors tell the `names` of its values in the `.proc` file.
    """
    check = StandIn.active.get()
    if check is None:
        return run_on_host(names, f"`{name}` ({target})", function, given, wanted)
    for entry, x in zip(check.names(name, len(given)), given, strict=True):
        verify(entry, x, check.record)
    return [probe(check.shape(shape), np.dtype(dtype).type) for dtype, shape in wanted]
