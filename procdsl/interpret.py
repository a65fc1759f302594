"""Run a pipeline by its ops' references: slow, and what every backend is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from procdsl import clips, types
from procdsl.ir import Pipeline, Step, Value

if TYPE_CHECKING:
    import numpy as np

Data: TypeAlias = "np.ndarray | str | list[str] | dict[str, np.ndarray]"
Size: TypeAlias = tuple[int, int]


def preprocess(
    pipeline: Pipeline, inputs: Mapping[str, np.ndarray], train: bool = False
) -> list[Data]:
    """What `pre` feeds to the model, in the order of the model's inputs."""
    values: dict[Value, Data | Size] = {v: inputs[v.name] for v in pipeline.inputs}
    steps, fed = pipeline.training() if train else (pipeline.serving(), pipeline.fed)
    _run(steps, values)
    return [_data(values[value]) for value in fed]


def postprocess(
    pipeline: Pipeline, outputs: Mapping[str, np.ndarray], sizes: Mapping[str, Size]
) -> list[Data]:
    """The pipeline's outputs for outputs of the model and the sizes of the inputs."""
    values: dict[Value, Data | Size] = {v: outputs[v.name] for v in pipeline.model.outputs}
    for step in pipeline.post:
        for value in step.inputs:
            if isinstance(value.type, types.Size):
                values[value] = sizes[value.type.input]
    _run(pipeline.post, values)
    return [_data(values[value]) for value in pipeline.outputs]


def _run(steps: Sequence[Step], values: dict[Value, Data | Size]) -> None:
    for step in steps:
        result = clips.reference(step.op, step.types, tuple(values[v] for v in step.inputs))
        results = result if step.op.outputs > 1 else (result,)
        values.update(zip(step.outputs, results, strict=True))


def _data(value: Data | Size) -> Data:
    assert not isinstance(value, tuple), "a size is no result"
    return value
