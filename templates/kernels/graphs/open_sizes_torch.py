import torch

from kernels.graphs.exported_torch import is_exporting


def is_open(sizes: list[int]) -> bool:
    """Whether a graph is being made in which one of these sizes may be any."""
    if torch.jit.is_scripting():
        return False
    return torch.compiler.is_compiling() and are_open(sizes)


@torch.jit.unused
def are_open(sizes: list[int]) -> bool:
    """Whether one of these sizes is no number while a graph is being made.

    What tells is imported here, as it takes long, and graphs alone need it.
    """
    from torch.fx.experimental.symbolic_shapes import has_static_value

    return not all(has_static_value(size) for size in sizes)


def refuse_open(what: str, sizes: list[int]) -> None:
    """Refuse to export what is computed in another way for other sizes, where they may be any."""
    if is_open(sizes) and is_exporting():
        raise RuntimeError(
            f"{what}: computed in another way for pictures of other sizes, and this graph leaves "
            "their height or width open; export it for one size (a batch may stay open)"
        )
