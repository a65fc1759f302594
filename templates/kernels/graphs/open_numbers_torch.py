import torch


def smaller(a: float, b: float) -> float:
    """The smaller number, also where a graph leaves them open."""
    if torch.jit.is_scripting():
        return min(a, b)
    return torch.sym_min(a, b) if torch.compiler.is_compiling() else min(a, b)


def at_most(a: int, b: int) -> int:
    """The smaller size, also where a graph leaves them open."""
    if torch.jit.is_scripting():
        return min(a, b)
    return torch.sym_min(a, b) if torch.compiler.is_compiling() else min(a, b)


def at_least(a: int, b: int) -> int:
    """The larger size, also where a graph leaves them open."""
    if torch.jit.is_scripting():
        return max(a, b)
    return torch.sym_max(a, b) if torch.compiler.is_compiling() else max(a, b)
