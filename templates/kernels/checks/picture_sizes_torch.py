from typing import Any

import torch

from kernels.checks.as_whole import as_whole
from kernels.checks.check_tensor_torch import check_tensor
from kernels.colour.check_frame import check_frame


def picture_sizes(
    name: str,
    value: torch.Tensor | tuple[int, int] | list[tuple[int, int]],
    samples: int,
    dtype: torch.dtype,
    shape: list[int],
    wanted: str,
    h: int,
    w: int,
    frame: bool = False,
) -> list[tuple[int, int]]:
    """The heights and widths of pictures: one for each of the `samples`, or one for all.

    They are given as such, as a tensor [samples, 2] of them, or as the pictures, which know it by
    their axes `h` and `w`. Scripted code takes no pictures, a graph no tensor of sizes. With -1
    `samples` it is one, whose results have no axis for more.

    With `frame` they are 4:2:0 frames, whose rows are those of luma and chroma.
    """
    sizes: list[tuple[int, int]] = []
    if torch.jit.is_scripting():
        if isinstance(value, torch.Tensor):
            if value.dtype != torch.int64:
                raise TypeError(f"{name}: expected sizes of {torch.int64}, got {value.dtype}")
            rows: list[list[int]] = value.reshape(-1, 2).tolist()
            for row in rows:
                sizes.append((row[0], row[1]))
        elif isinstance(value, list):
            sizes = value
        else:
            sizes.append(value)
    else:
        sizes = given_sizes(name, value, samples, dtype, shape, wanted, h, w, frame)
    for size in sizes:
        if not (0 < size[0] <= 16384 and 0 < size[1] <= 16384):
            raise ValueError(
                f"{name}: expected the picture or its (height, width), of 1 to 16384 pixels, "
                f"got {size}"
            )
    if len(sizes) != 1 and len(sizes) != samples:
        count = "one size" if samples < 0 else f"one size, or one for each of {samples} samples"
        raise ValueError(f"{name}: expected {count}, got {len(sizes)}")
    return sizes


@torch.jit.unused
def given_sizes(
    name: str,
    value: Any,
    samples: int,
    dtype: torch.dtype,
    shape: list[int],
    wanted: str,
    h: int,
    w: int,
    frame: bool,
) -> list[tuple[int, int]]:
    """What `picture_sizes` gives, of whatever the caller gave."""
    kind = (dtype, shape, wanted, h, w, frame)
    if isinstance(value, torch.Tensor):
        if value.dim() > 2 or (value.dim() == 2 and value.dtype == dtype):
            return [size_of_picture(name, value, samples >= 0, *kind)]
        if torch.compiler.is_compiling() or torch.jit.is_tracing():
            raise ValueError(f"{name}: a graph takes a height and a width, not a tensor of them")
        if value.dim() == 2:
            return [given_size(f"{name}[{i}]", row, kind) for i, row in enumerate(value)]
        return [given_size(name, value, kind)]
    parts = value if isinstance(value, list | tuple) else [value]
    if any(not isinstance(part, int) and is_size(part) for part in parts):
        return [given_size(f"{name}[{i}]", part, kind) for i, part in enumerate(parts)]
    return [given_size(name, value, kind)]


@torch.jit.unused
def is_size(part: Any) -> bool:
    """Whether it is the size of a picture, or a picture, and no number."""
    return isinstance(part, list | tuple) or bool(getattr(part, "ndim", 0))


@torch.jit.unused
def given_size(name: str, value: Any, kind: Any) -> tuple[int, int]:
    """The height and width of one picture, which is given or they are."""
    if isinstance(value, torch.Tensor) and value.dim() > 1:
        return size_of_picture(name, value, False, *kind)
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


@torch.jit.unused
def size_of_picture(
    name: str,
    value: torch.Tensor,
    batch: bool,
    dtype: torch.dtype,
    shape: list[int],
    wanted: str,
    h: int,
    w: int,
    frame: bool,
) -> tuple[int, int]:
    """The height and width of a picture, or of all of a `batch` in one tensor."""
    batch = batch and value.dim() == len(shape) + 1
    check_tensor(name, value, dtype, shape, wanted, batch=batch)
    height, width = value.shape[h], value.shape[w]
    if frame:
        check_frame(name, height, width)
        height = height // 3 * 2
    return height, width
