"""What a golden record holds of a pipeline: which results, and each in which form.

It follows from the types, so that a record can be held against it before anything is run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from procdsl.ir.decoding import decodings
from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value, tolerance
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.dtypes import FLOATS
from procdsl.types.value import Record


@dataclass(frozen=True)
class Recorded:
    """A result by its name in the record; `field` is the part of a value that it is."""

    name: str
    type: Array
    tolerance: float
    field: str = ""

    @property
    def grows(self) -> bool:
        """Whether its bound grows with the numbers that the run meets."""
        return self.type.dtype in FLOATS


def recorded(pipeline: Pipeline) -> dict[str, list[Recorded]]:
    """The results of decoding, `preprocess` and `postprocess`, where the pipeline has them."""
    blocks: dict[str, list[tuple[str, Value]]] = {}
    if decodings(pipeline):
        steps = decodings(pipeline)
        blocks["decode"] = [(name, s.outputs[0]) for s in steps for name in built_in(s)]
    if pipeline.inputs:
        blocks["preprocess"] = [*fed(pipeline), *_given_to_externs(pipeline.serving())]
    if pipeline.outputs:
        blocks["postprocess"] = [*given(pipeline), *_given_to_externs(pipeline.post)]
    return {
        block: [part for name, value in named for part in parts(name, value)]
        for block, named in blocks.items()
    }


def built_in(step: Step) -> dict[str, bytes]:
    """The files that are decoded for the record, by the names of the results."""
    return {f"{step.inputs[0].name}, {kind}": data for kind, data in step.op.built_in().items()}


def fed(pipeline: Pipeline) -> list[tuple[str, Value]]:
    """What `pre` feeds to the model, by the names of the contract, and what it keeps for `post`."""
    names = [value.name for value in (*pipeline.model.inputs, *pipeline.kept)]
    return list(zip(names, (*pipeline.fed, *pipeline.kept), strict=True))


def given(pipeline: Pipeline) -> list[tuple[str, Value]]:
    """What the pipeline gives, by name."""
    return [(value.name, value) for value in pipeline.outputs]


def parts(name: str, value: Value) -> Iterator[Recorded]:
    """A value, field by field where it has several. Whole numbers of a record are decisions."""
    bound = tolerance(value)
    if isinstance(value.type, Record):
        for field, type_ in value.type.fields:
            real = type_.dtype in FLOATS
            yield Recorded(f"{name}.{field}", type_, bound if real else 0.0, field)
    elif isinstance(value.type, Array):
        yield Recorded(name, value.type, bound)


def call_names(step: Step, calls: Counter[str]) -> list[str]:
    """What the record calls the values that an extern's next call is given."""
    calls[step.op.name] += 1
    numbered = range(1, len(step.inputs) + 1)
    return [f"{step.op.name}, call {calls[step.op.name]}, value {i}" for i in numbered]


def _given_to_externs(steps: Sequence[Step]) -> Iterator[tuple[str, Value]]:
    calls: Counter[str] = Counter()
    for step in steps:
        if isinstance(step.op, ExternCall):
            yield from zip(call_names(step, calls), step.inputs, strict=True)
