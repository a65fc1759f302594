import torch

from kernels.resize.strip_size_torch import strip_size


def strips(lines: int, numbers: int, device: torch.device) -> list[tuple[int, int]]:
    """Lines of `numbers` numbers each, from and to, that are worked on at a time.

    A graph takes all at once: it holds for any number of them.
    """
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        return [(0, lines)]
    step = strip_size(lines, numbers, device)
    found: list[tuple[int, int]] = []
    for start in range(0, lines, step):
        found.append((start, min(start + step, lines)))
    return found
