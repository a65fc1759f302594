import torch

from kernels.resize.rows_needed import rows_needed
from kernels.resize.strips_torch import strips


def row_strips(
    pictures: int,
    rows: int,
    numbers: int,
    first: int,
    source: int,
    scale: float,
    more: int,
    device: torch.device,
) -> list[tuple[int, int, int, int]]:
    """Strips of target rows, from and to, and the source rows, from and to, that each needs.

    `numbers` is how many a row has; the others are those of `rows_needed`.
    """
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        return [(0, pictures * rows, 0, pictures * source)]
    found: list[tuple[int, int, int, int]] = []
    for start, stop in strips(pictures * rows, numbers, device):
        needed = rows_needed(start, stop, first, rows, source, scale, more)
        found.append((start, stop, needed[0], needed[1]))
    return found
