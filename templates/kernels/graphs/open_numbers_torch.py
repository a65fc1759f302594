import torch


def smaller(a: float, b: float) -> float:
    """The smaller number, also where a graph leaves them open."""
    return min(a, b) if torch.jit.is_scripting() else torch.sym_min(a, b)


def at_most(a: int, b: int) -> int:
    """The smaller size, also where a graph leaves them open."""
    return min(a, b) if torch.jit.is_scripting() else torch.sym_min(a, b)


def at_least(a: int, b: int) -> int:
    """The larger size, also where a graph leaves them open."""
    return max(a, b) if torch.jit.is_scripting() else torch.sym_max(a, b)
