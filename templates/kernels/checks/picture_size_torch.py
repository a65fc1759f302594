from typing import Any

import torch

from kernels.checks.as_whole import as_whole
from kernels.checks.check_tensor_torch import check_tensor
from kernels.colour.check_frame import check_frame


def picture_size(
    name: str,
    value: tuple[int, int],
    dtype: torch.dtype,
    shape: list[int],
    wanted: str,
    h: int,
    w: int,
    frame: bool = False,
) -> tuple[int, int]:
    """The height and width that are given, or those of the picture that is, by its axes.

    Scripted code takes a height and a width alone.

    With `frame` it is a 4:2:0 frame, whose rows are those of luma and chroma.
    """
    size = value
    if not torch.jit.is_scripting():
        size = given_size(name, value, dtype, shape, wanted, h, w, frame)
    if not (0 < size[0] <= 16384 and 0 < size[1] <= 16384):
        raise ValueError(
            f"{name}: expected the picture or its (height, width), of 1 to 16384 pixels, got {size}"
        )
    return size


@torch.jit.unused
def given_size(
    name: str,
    value: Any,
    dtype: torch.dtype,
    shape: list[int],
    wanted: str,
    h: int,
    w: int,
    frame: bool,
) -> tuple[int, int]:
    """What `picture_size` gives, of whatever the caller gave."""
    if isinstance(value, torch.Tensor) and value.dim() > 1:
        check_tensor(name, value, dtype, shape, wanted)
        height, width = value.shape[h], value.shape[w]
        if frame:
            check_frame(name, height, width)
            height = height // 3 * 2
        return height, width
    if torch.compiler.is_compiling():
        height, width = value  # numbers of a graph, which stay open
        return height, width
    try:
        height, width = (as_whole(n) for n in value)
    except (AttributeError, TypeError, ValueError):
        raise ValueError(
            f"{name}: expected the picture or its (height, width), of 1 to 16384 pixels, "
            f"got {value!r:.80}"
        ) from None
    return height, width
