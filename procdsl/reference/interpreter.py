"""Run a pipeline by its ops' references: slow, and what every backend is held against.

An extern has no reference: whoever runs a pipeline with one says what stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.lazy import np
from procdsl.opdef import pictures
from procdsl.types.value import PictureSize

Data: TypeAlias = "np.ndarray | str | list[str] | dict[str, np.ndarray]"
Size: TypeAlias = tuple[int, int]
CallExtern: TypeAlias = "Callable[[Step, Sequence[np.ndarray]], Sequence[np.ndarray]]"
"""What the step gives for the values it takes."""
Watch: TypeAlias = "Callable[[Value, Data], None]"
"""Is told each array that is given, and each that a step makes."""
Given: TypeAlias = "np.ndarray | bytes"
"""What a pipeline is given: an array, or a file that it decodes."""
Values: TypeAlias = "dict[int, Data | Size | bytes]"
"""What stands for each value, by its number."""


def no_externs(step: Step, given: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
    """For pipelines that call none."""
    raise LookupError(f"nothing stands for the extern `{step.op.name}`")


def unwatched(value: Value, data: Data) -> None:
    """For runs of which only the results count."""


def preprocess(
    pipeline: Pipeline,
    inputs: Mapping[str, Given],
    train: bool = False,
    call: CallExtern = no_externs,
    watch: Watch = unwatched,
) -> list[Data]:
    """What `pre` feeds to the model, in the order of the model's inputs, and what it keeps for
    `post`."""
    values = _given(pipeline.inputs, inputs, watch)
    steps, fed = pipeline.training() if train else (pipeline.serving(), pipeline.fed)
    _run(steps, values, call, watch)
    return [_data(values[value.number]) for value in (*fed, *pipeline.kept)]


def postprocess(
    pipeline: Pipeline,
    outputs: Mapping[str, np.ndarray],
    sizes: Mapping[str, Size],
    call: CallExtern = no_externs,
    watch: Watch = unwatched,
) -> list[Data]:
    """The pipeline's outputs for outputs of the model, with what goes past it, and the sizes of the
    inputs."""
    values = _given((*pipeline.model.outputs, *pipeline.past_model), outputs, watch)
    for step in pipeline.post:
        for value in step.inputs:
            if isinstance(value.type, PictureSize):
                values[value.number] = sizes[value.type.input]
    _run(pipeline.post, values, call, watch)
    return [_data(values[value.number]) for value in pipeline.outputs]


def _given(values: Sequence[Value], given: Mapping[str, Given], watch: Watch) -> Values:
    for value in values:
        one = given[value.name]
        if not isinstance(one, bytes):
            watch(value, one)
    return {value.number: given[value.name] for value in values}


def _run(steps: Sequence[Step], values: Values, call: CallExtern, watch: Watch) -> None:
    for step in steps:
        given: Any = tuple(_taken(value, values) for value in step.inputs)
        if isinstance(step.op, ExternCall):
            results = call(step, given)
        else:
            with np.errstate(over="ignore", invalid="ignore"):  # IEEE says what it gives
                result = pictures.reference(step.op, step.types, given)
            results = result if step.op.outputs > 1 else (result,)
        for value, found in zip(step.outputs, results, strict=True):
            values[value.number] = found
            watch(value, found)


def _taken(value: Value, values: Values) -> Data | Size | bytes:
    found = values[value.number]
    return found[value.field] if isinstance(found, dict) and value.field else found


def _data(value: Data | Size | bytes) -> Data:
    assert not isinstance(value, tuple | bytes), "neither a size nor a file is a result"
    return value
