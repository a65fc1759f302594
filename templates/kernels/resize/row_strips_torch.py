import torch

from kernels.resize.strips_torch import strips


def row_strips(
    pictures: int,
    rows: int,
    numbers: int,
    first: int,
    source: int,
    target: int,
    more: int,
    device: torch.device,
) -> list[tuple[int, int, int, int]]:
    """Strips of target rows, from and to, and the source rows, from and to, that each needs.

    Of each picture's `source` rows there are made `rows` of the `target` rows, its `first` and
    those that follow, of so many `numbers`; each needs some `more` source rows above and below.
    """
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        return [(0, pictures * rows, 0, pictures * source)]
    found: list[tuple[int, int, int, int]] = []
    for start, stop in strips(pictures * rows, numbers, device):
        above = (first + start % rows) * source // target - more
        below = (first + (stop - 1) % rows + 1) * source // target + more + 1
        begin = start // rows * source + max(0, above)
        found.append((start, stop, begin, (stop - 1) // rows * source + min(source, below)))
    return found
