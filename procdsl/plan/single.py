"""One step as a pipeline of its own, to ask a target whether it holds it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from procdsl.ir.pipeline import Model, Pipeline, Step, Value, picture_of
from procdsl.plan.record_of import RecordOf
from procdsl.records import replace
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import PictureSize, Record


def in_pre(step: Step) -> Pipeline:
    """The step as all of `pre`; its model takes what it gives."""
    inputs = tuple({value.number: _whole(value) for value in step.inputs}.values())
    none = Value("none", _next(step), Array("f32", ()))
    model = Model(step.outputs, (none,), ("",))
    return _pipeline(inputs, (step,), step.outputs, model, (), (none,))


def in_post(step: Step, entering: Sequence[Value]) -> Pipeline:
    """The step as all of `post`, behind a model that takes pictures.

    Where the step goes back to one that is not among the values that enter the file, a size comes
    in its place.
    """
    numbers = itertools.count(1 + max(_next(step), *(value.number for value in entering), 0))
    taken, made = [], []
    given: list[Value] = []
    for value in step.inputs:
        if isinstance(value.type, PictureSize):
            taken.append(value)
        elif isinstance(value.type, Record) and not value.field:
            fields = tuple(
                Value(f"{value.name}_{name}", next(numbers), array)
                for name, array in value.type.fields
            )
            whole = replace(value, number=next(numbers))
            made.append(Step(RecordOf(record=value.type), fields, (whole,), flow=False))
            given += fields
            taken.append(whole)
        else:
            alone = Value(f"{value.name}_{len(given)}", next(numbers), value.type)
            given.append(alone)
            taken.append(alone)
    sizes = [value.type for value in taken if isinstance(value.type, PictureSize)]
    seen = {v.number: v for v in (picture_of(entering, size) for size in sizes) if v}
    unseen = Value("picture", next(numbers), Array("u8", (Axis("h"), Axis("w"))))
    pictures = tuple(seen.values()) or (unseen,)
    model = Model(pictures, tuple(given), ("",) * len(given))
    post = (*made, replace(step, inputs=tuple(taken)))
    return _pipeline(pictures, (), pictures, model, post, step.outputs)


def _whole(value: Value) -> Value:
    return replace(value, field="")


def _next(step: Step) -> int:
    return 1 + max(value.number for value in (*step.inputs, *step.outputs))


def _pipeline(
    inputs: tuple[Value, ...],
    pre: tuple[Step, ...],
    fed: tuple[Value, ...],
    model: Model,
    post: tuple[Step, ...],
    outputs: tuple[Value, ...],
) -> Pipeline:
    nothing = ("",) * len(inputs)
    return Pipeline(
        name="step",
        edition=1,
        doc="",
        params=(),
        inputs=inputs,
        input_docs=nothing,
        input_orders=nothing,
        pre=pre,
        fed=fed,
        model=model,
        post=post,
        outputs=outputs,
        output_doc="",
        externs=(),
        source=Source("step", ""),
    )
