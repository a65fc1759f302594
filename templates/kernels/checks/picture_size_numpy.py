from typing import Any

import numpy as np

from kernels.checks.as_whole import as_whole
from kernels.checks.check_array_numpy import check_array
from kernels.colour.check_frame import check_frame


def picture_size(
    name: str,
    value: Any,
    dtype: type,
    shape: tuple[str | int, ...],
    h: int,
    w: int,
    frame: bool = False,
) -> tuple[int, int]:
    """The height and width that are given, or those of the picture that is, by its axes.

    With `frame` it is a 4:2:0 frame, whose rows are those of luma and chroma.
    """
    if isinstance(value, np.ndarray) and value.ndim > 1:
        check_array(name, value, dtype, shape)
        height, width = value.shape[h], value.shape[w]
        if frame:
            check_frame(name, height, width)
            height = height // 3 * 2
        return height, width
    try:
        height, width = (as_whole(n) for n in value)
    except (AttributeError, TypeError, ValueError):
        height = width = 0
    if not (0 < height <= 16384 and 0 < width <= 16384):
        raise ValueError(
            f"{name}: expected the picture or its (height, width), of 1 to 16384 pixels, "
            f"got {value!r:.80}"
        )
    return height, width
