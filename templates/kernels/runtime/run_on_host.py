from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def run_on_host(
    names: Sequence[str],
    extern: str,
    function: Callable[..., Any],
    given: Sequence[np.ndarray],
    wanted: Sequence[tuple[str, Sequence[int | str]]],
    alike: Sequence[tuple[str, Sequence[int]]] = (),
) -> list[np.ndarray]:
    """What the user's function gives for copies of its values: checked, and copied.

    `wanted` are the dtype and shape of each result; a str stands for any size above 0. `alike` are
    axes that several values share, with the size of each. Errors tell the `names` of the values.
    """
    of = ", ".join(names)
    for axis, sizes in alike:
        if len(set(sizes)) > 1:
            came = " and ".join(map(str, sizes))
            raise ValueError(f"{of}: the extern {extern}: expected one size for {axis}, got {came}")
    try:
        found = function(*(np.array(x, order="C") for x in given))
    except Exception as error:
        error.add_note(f"raised by the extern {extern}")
        raise
    if len(wanted) == 1:
        return [checked(f"{of}: the extern {extern}", found, *wanted[0])]
    if not isinstance(found, tuple) or len(found) != len(wanted):
        came = f"{len(found)}" if isinstance(found, tuple) else type(found).__name__
        raise TypeError(
            f"{of}: the extern {extern}: expected a tuple of {len(wanted)} arrays, got {came}"
        )
    return [
        checked(f"{of}: result {i} of the extern {extern}", x, dtype, shape)
        for i, (x, (dtype, shape)) in enumerate(zip(found, wanted, strict=True), start=1)
    ]


def checked(name: str, x: Any, dtype: str, shape: Sequence[int | str]) -> np.ndarray:
    """A copy of what a function gave, which must be an array of this dtype and shape."""
    wanted = f"{name}: expected an array of {dtype} ({', '.join(map(str, shape))})"
    plain = isinstance(x, np.ndarray | np.generic)
    if not plain or isinstance(x, np.ma.MaskedArray | np.matrix):
        raise TypeError(f"{wanted}, got {type(x).__name__}")
    if x.dtype != np.dtype(dtype):
        raise TypeError(f"{wanted}, got {x.dtype} {x.shape}")
    fits = len(x.shape) == len(shape) and all(
        size > 0 if isinstance(other, str) else size == other
        for size, other in zip(x.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{wanted}, got {x.dtype} {x.shape}")
    return np.array(x, order="C")
