"""How long the open axes must be that a block is given, for all of its steps to have a result."""

from __future__ import annotations

from collections.abc import Iterable

from procdsl.ir.pipeline import Step
from procdsl.types.array import Array
from procdsl.types.value import Type


def open_axes(types: Iterable[Type]) -> frozenset[str]:
    """The axes of any size by name, but for the sides of pictures, which steps change."""
    return frozenset(
        axis.name
        for type_ in types
        if isinstance(type_, Array)
        for axis in type_.axes
        if axis.size is None and axis.name not in ("h", "w")
    )


def least_sizes(type_: Array, steps: Iterable[Step]) -> dict[str, int]:
    """The least size of each open axis of what the steps are given; 0 where it may be empty."""
    found = {axis.name: axis.low for axis in type_.axes if axis.name in open_axes([type_])}
    for step in steps:
        for name, size in step.op.least_sizes(*step.types).items():
            if name in found:
                found[name] = max(found[name], size)
    return found
