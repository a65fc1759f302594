"""How long the open axes must be that a block is given, for all of its steps to have a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def needed(steps: Iterable[Step]) -> dict[str, int]:
    """The least size that the steps need of each axis which they need something of."""
    found: dict[str, int] = {}
    for step in steps:
        for name, size in step.op.least_sizes(*step.types).items():
            found[name] = max(found.get(name, 0), size)
    return found


def least_sizes(type_: Array, need: Mapping[str, int]) -> dict[str, int]:
    """The least size of each open axis of what steps with these needs are given; 0 where it may be
    empty."""
    open_ = open_axes([type_])
    return {a.name: max(a.low, need.get(a.name, 0)) for a in type_.axes if a.name in open_}
