from collections.abc import Callable
from typing import Any

import torch

from kernels.checks.check_out_torch import check_out
from kernels.runtime.can_write_into_torch import can_write_into


def is_long(values: list[torch.Tensor], ranks: list[int], made: int) -> bool:
    """Whether a batch on a processor is worked on faster in parts, which stay in its cache.

    A graph takes all at once, for it holds for any number of samples, and so does a gradient.
    """
    if torch.compiler.is_compiling() or torch.jit.is_tracing():
        return False
    first = values[0]
    if first.device.type != "cpu" or first.dim() == ranks[0] or first.shape[0] < 2:
        return False
    for x in values:
        if x.requires_grad and torch.is_grad_enabled():
            return False
    return part_size(values, made) < first.shape[0]


def part_size(values: list[torch.Tensor], made: int) -> int:
    """How many samples a part has: of 2**19 numbers at most, or one.

    `made` is how many a result has, where that is known.
    """
    taken = 0
    for x in values:
        taken += x.numel()
    return max(1, (1 << 19) // max(1, taken // values[0].shape[0], made))


def in_parts(
    function: Callable[..., Any], values: list[torch.Tensor], made: int, named: dict[str, Any]
) -> Any:
    """What a function gives of a long batch, worked on in parts.

    Where it takes an `out`, it writes each part into its place.
    """
    count, step = values[0].shape[0], part_size(values, made)
    writes, out = "out" in named, named.pop("out", None)
    wholes: list[torch.Tensor] = []
    for start in range(0, count, step):
        into = {"out": wholes[0][start : start + step]} if writes and wholes else {}
        found = function(*(x[start : start + step] for x in values), **named, **into)
        parts = found if isinstance(found, tuple) else (found,)
        if not wholes:
            wholes = [x.new_empty([count, *x.shape[1:]]) for x in parts]
            if out is not None:
                check_out("out", out, list(wholes[0].shape), wholes[0].dtype)
                wholes = [out] if all(can_write_into(out, x) for x in values) else wholes
        for whole, part in zip(wholes, parts, strict=True):
            place = whole[start : start + step]
            if not part.is_set_to(place):  # else it was written there
                place.copy_(part)
    return type(found)(*wholes) if isinstance(found, tuple) else wholes[0]
