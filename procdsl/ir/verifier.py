"""What holds of steps at any time: before the first pass, and after each of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from procdsl.ir.pipeline import Step, Value
from procdsl.opdef import pictures
from procdsl.types.value import PictureSize, Type, same_shape


class BrokenIR(AssertionError):
    """Steps that do not hold together: a mistake of a pass, not of a user."""


def verify(
    inputs: Sequence[Value],
    steps: Sequence[Step],
    wanted: Sequence[Value],
    after: str,
    before: Collection[int] = (),
) -> None:
    """Each value is given once and before it is taken, and has the type that its op infers.

    Steps that were there before, told by their `id`, are not inferred again.
    """
    known = {value.number: value for value in inputs}
    for position, step in enumerate(steps):
        where = f"after {after}, step {position}, {step.op.name}"
        for value in step.inputs:
            given = known.get(value.number)
            if isinstance(value.type, PictureSize):
                continue
            if given is None:
                raise BrokenIR(f"{where}: takes `{value.name}`, which nothing has given")
            if not value.field and not same_shape(given.type, value.type):
                raise BrokenIR(f"{where}: takes {value.type}, and was given {given.type}")
        types = [v.type for v in step.outputs] if id(step) in before else _inferred(step)
        if len(types) != len(step.outputs):
            raise BrokenIR(f"{where}: gives {len(types)} values, and says {len(step.outputs)}")
        for value, type_ in zip(step.outputs, types, strict=True):
            if value.number in known:
                raise BrokenIR(f"{where}: gives `{value.name}` a second time")
            if not same_shape(value.type, type_):
                raise BrokenIR(f"{where}: gives {type_}, and says {value.type}")
            known[value.number] = value
    for value in wanted:
        if value.number not in known:
            raise BrokenIR(f"after {after}: nothing gives `{value.name}`")


def _inferred(step: Step) -> Sequence[Type]:
    found = pictures.infer(step.op, step.types)
    return found if isinstance(found, tuple) else (found,)
