"""Steps on single numbers of uint8 can be a table: what they make of each level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from procdsl.ir.pipeline import Step, Value
from procdsl.types.array import Array
from procdsl.types.axis import Axis


def on_levels(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps on an image of 256 rows and one column, which holds every level."""
    return tuple(
        replace(
            step,
            inputs=tuple(map(_levels, step.inputs)),
            outputs=tuple(map(_levels, step.outputs)),
        )
        for step in steps
    )


def _levels(value: Value) -> Value:
    assert isinstance(value.type, Array), "the steps work on images"
    return replace(value, type=value.type.resized(h=Axis.of("h", 256), w=Axis.of("w", 1)))
