"""Names for the values of a half: in a file a name may be given again, and the older value is gone.

In a half the older one may still be needed, where it crosses; a target that has a variable for each
name would lose it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from procdsl.ir.pipeline import Step, Value
from procdsl.records import replace


def apart(given: Sequence[Value], steps: Sequence[Step], kept: Set[int]) -> tuple[Step, ...]:
    """The steps with other names for what would hide a value of `kept`, by number."""
    held = {value.name for value in given if value.number in kept}
    taken = {v.name for v in (*given, *(v for step in steps for v in step.outputs))}
    names: dict[int, str] = {}
    for step in steps:
        for value in step.outputs:
            name = value.name
            if name in held:
                name = _free(name, taken)
                names[value.number] = name
                taken.add(name)
            if value.number in kept:
                held.add(name)
    return tuple(
        replace(
            step,
            inputs=tuple(_named(value, names) for value in step.inputs),
            outputs=tuple(_named(value, names) for value in step.outputs),
        )
        for step in steps
    )


def _named(value: Value, names: dict[int, str]) -> Value:
    return replace(value, name=names.get(value.number, value.name))


def _free(name: str, taken: Set[str]) -> str:
    count = 2
    while f"{name}_{count}" in taken:
        count += 1
    return f"{name}_{count}"
