"""Run a pipeline by its ops' references: slow, and what every backend is held against.

An extern has no reference: whoever runs a pipeline with one says what stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.lazy import np
from procdsl.opdef import clips
from procdsl.types.value import PictureSize

Data: TypeAlias = "np.ndarray | str | list[str] | dict[str, np.ndarray]"
Size: TypeAlias = tuple[int, int]
CallExtern: TypeAlias = "Callable[[Step, Sequence[np.ndarray]], Sequence[np.ndarray]]"
"""What the step gives for the values it takes."""
Values: TypeAlias = "dict[int, Data | Size]"
"""What stands for each value, by its number."""


def no_externs(step: Step, given: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
    """For pipelines that call none."""
    raise LookupError(f"nothing stands for the extern `{step.op.name}`")


def preprocess(
    pipeline: Pipeline,
    inputs: Mapping[str, np.ndarray],
    train: bool = False,
    call: CallExtern = no_externs,
) -> list[Data]:
    """What `pre` feeds to the model, in the order of the model's inputs."""
    values: Values = {v.number: inputs[v.name] for v in pipeline.inputs}
    steps, fed = pipeline.training() if train else (pipeline.serving(), pipeline.fed)
    _run(steps, values, call)
    return [_data(values[value.number]) for value in fed]


def postprocess(
    pipeline: Pipeline,
    outputs: Mapping[str, np.ndarray],
    sizes: Mapping[str, Size],
    call: CallExtern = no_externs,
) -> list[Data]:
    """The pipeline's outputs for outputs of the model and the sizes of the inputs."""
    values: Values = {v.number: outputs[v.name] for v in pipeline.model.outputs}
    for step in pipeline.post:
        for value in step.inputs:
            if isinstance(value.type, PictureSize):
                values[value.number] = sizes[value.type.input]
    _run(pipeline.post, values, call)
    return [_data(values[value.number]) for value in pipeline.outputs]


def _run(steps: Sequence[Step], values: Values, call: CallExtern) -> None:
    for step in steps:
        given: Any = tuple(_taken(value, values) for value in step.inputs)
        if isinstance(step.op, ExternCall):
            results = call(step, given)
        else:
            with np.errstate(over="ignore", invalid="ignore"):  # IEEE says what it gives
                result = clips.reference(step.op, step.types, given)
            results = result if step.op.outputs > 1 else (result,)
        values.update(zip((value.number for value in step.outputs), results, strict=True))


def _taken(value: Value, values: Values) -> Data | Size:
    found = values[value.number]
    return found[value.field] if isinstance(found, dict) and value.field else found


def _data(value: Data | Size) -> Data:
    assert not isinstance(value, tuple), "a size is no result"
    return value
