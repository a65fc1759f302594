"""Steps as text, for tests and for `procdsl compile --dump`.

Values are numbered in the order in which they are given, so that a text does not depend on what
else was compiled: `%2: f32[h, w, c=3] rgb, 0..1 = to_float(%1, scale=1/255)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.opdef.arguments import arguments_of
from procdsl.types.constants import show
from procdsl.types.value import PictureSize


def block_text(inputs: Sequence[Value], steps: Sequence[Step], wanted: Sequence[Value]) -> str:
    """A run of steps, one a line."""
    return "\n".join(_lines(inputs, steps, wanted)) + "\n"


def pipeline_text(pipeline: Pipeline) -> str:
    """`pre` as it serves, and `post`."""
    wanted = (*pipeline.fed, *pipeline.kept)
    pre = block_text(pipeline.inputs, pipeline.serving(), wanted)
    taken = (value for step in pipeline.post for value in step.inputs)
    sizes = {v.number: v for v in taken if isinstance(v.type, PictureSize)}
    given = (*pipeline.model.outputs, *pipeline.past_model, *sizes.values())
    return f"pre\n{pre}\npost\n{block_text(given, pipeline.post, pipeline.outputs)}"


def _lines(
    inputs: Sequence[Value], steps: Sequence[Step], wanted: Sequence[Value]
) -> Iterator[str]:
    names: dict[int, str] = {}

    def name(value: Value) -> str:
        found = names.setdefault(value.number, f"%{len(names)}")
        return f"{found}.{value.field}" if value.field else found

    for value in inputs:
        yield f"{name(value)}: {value.type.described()} = {value.name}"
    for step in steps:
        taken = [name(value) for value in step.inputs]
        given = ", ".join(f"{name(v)}: {v.type.described()}" for v in step.outputs)
        yield f"{given} = {_call(step, taken)}"
        for part in step.op.parts or ():
            yield f"    {_call(part, [])}"
    yield f"-> {', '.join(map(name, wanted))}"


def _call(step: Step, taken: Sequence[str]) -> str:
    written = ((a, getattr(step.op, a.name)) for a in arguments_of(type(step.op)))
    given = (f"{a.name}={show(value)}" for a, value in written if value != a.default)
    return f"{step.op.name}({', '.join([*taken, *given])})"
