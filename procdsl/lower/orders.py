"""A pipeline as it computes where the caller gives the channels in the other order."""

from __future__ import annotations

import itertools

from procdsl import registry
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.records import replace
from procdsl.types.array import Array
from procdsl.types.constants import Word


def given_in(pipeline: Pipeline, order: str) -> Pipeline:
    """The pipeline on inputs in this order of channels: a `convert` brings them to the file's.

    Where it can, a pass moves that to where planes are written, at no cost.
    """
    inputs: list[Value] = []
    steps: list[Step] = []
    given = (v for s in (*pipeline.serving(), *pipeline.training()[0]) for v in s.outputs)
    numbers = itertools.count(1 + max(v.number for v in (*pipeline.inputs, *given)))
    for value, other in zip(pipeline.inputs, pipeline.input_orders, strict=True):
        if not other or order != other:
            inputs.append(value)
            continue
        assert isinstance(value.type, Array), "what has an order is an array"
        taken = Value(value.name, next(numbers), value.type.with_(colour=other))
        op = registry.op("convert")(to=Word(str(value.type.colour)))  # type: ignore[call-arg]
        inputs.append(taken)
        steps.append(Step(op, (taken,), (value,), flow=len(pipeline.inputs) == 1))
    return replace(pipeline, inputs=tuple(inputs), pre=(*steps, *pipeline.pre))
