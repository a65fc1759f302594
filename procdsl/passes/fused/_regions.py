"""What is done inside a fused op: in place on a plane, or on a table of all levels of u8."""

from __future__ import annotations

from collections.abc import Iterable

from procdsl.ir.pipeline import Step, Value
from procdsl.lower.builder import Builder
from procdsl.lower.program import Call, Group, Region, Variable
from procdsl.records import replace
from procdsl.types.array import Array
from procdsl.types.axis import Axis


def in_place(parts: Iterable[tuple[Step, bool]]) -> Region:
    """Steps on single numbers as calls that change a plane; True for those that are told the
    channel of the source, and not that of the result."""
    groups = []
    plane = None
    for step, by_source in parts:
        x = step.types[0]
        assert isinstance(x, Array), "the steps work on images"
        plane = plane or Variable("plane", x, temporary=True)
        call = Call(
            step.op.template,
            (plane,),
            (plane,),
            attributes={**step.op.attributes(*step.types), "by_source": by_source},
            constants=step.op.constants(*step.types),
            form="plane",
        )
        groups.append(Group((), (call,)))
    assert plane is not None, "a region has steps"
    return Region(plane, tuple(groups), plane)


def on_levels(steps: Iterable[Step]) -> Region:
    """The steps on an image of 256 rows and one column, which holds every level of each channel."""
    parts = [_on_levels(step) for step in steps]
    values = {value.number: "x" for step in parts for value in (*step.inputs, *step.outputs)}
    build = Builder(values)
    argument = build.parameter(parts[0].inputs[0])
    groups = tuple(build.step(step) for step in parts)
    result = build.value(parts[-1].outputs[0])
    assert isinstance(result, Variable), "an image is one array"
    return Region(argument, groups, result)


def _on_levels(step: Step) -> Step:
    inputs, outputs = (tuple(map(_levels, values)) for values in (step.inputs, step.outputs))
    return replace(step, inputs=inputs, outputs=outputs)


def _levels(value: Value) -> Value:
    assert isinstance(value.type, Array), "the steps work on images"
    return replace(value, type=value.type.resized(h=Axis.of("h", 256), w=Axis.of("w", 1)))
