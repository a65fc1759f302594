"""The typed pipeline: what a checked file means.

Values are numbered, so that a name may be given again. A step holds its op with all arguments, the
values it takes and gives, and its place in the file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from procdsl.ir.extern import Extern, ExternCall
from procdsl.ir.plan import Plan
from procdsl.opdef.op import Op
from procdsl.records import dataclass, field, replace
from procdsl.source import Source, Span
from procdsl.types.array import Array
from procdsl.types.constants import Constant
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import PictureSize, Record, Type


@dataclass(frozen=True)
class Value:
    """A value of the pipeline; `number` tells two of one name apart."""

    name: str
    number: int
    type: Type
    field: str = ""
    """The field that is meant of the value of this number, where it is not the whole."""

    @property
    def path(self) -> str:
        """What a step names it by: a field behind the name of the whole."""
        return f"{self.name}.{self.field}" if self.field else self.name


@dataclass(frozen=True)
class Allowance:
    """A guard that a step is meant to set off, and why."""

    code: str
    reason: str


@dataclass(frozen=True)
class Step:
    op: Op
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    flow: bool
    """Whether the step stood on its own line and changed the value in flow."""
    doc: str = ""
    span: Span | None = field(default=None, compare=False)
    allowed: tuple[Allowance, ...] = ()

    @property
    def types(self) -> tuple[Type, ...]:
        return tuple(value.type for value in self.inputs)

    @property
    def named(self) -> tuple[Value, ...]:
        """The values that the call names: all but the sizes of inputs, and what says how a step on
        the way has moved its picture."""
        values = self.inputs[: len(self.op.inputs)] if self.op.leads else self.inputs
        return tuple(value for value in values if not isinstance(value.type, PictureSize))

    @property
    def written(self) -> tuple[Step, ...]:
        """The steps of the file that it stands for."""
        if self.op.parts is None:
            return (self,)
        return tuple(itertools.chain.from_iterable(part.written for part in self.op.parts))

    @property
    def error_bound(self) -> ErrorBound | None:
        return self.op.error_bound(*self.types)


@dataclass(frozen=True)
class Branch:
    """What differs between training and serving. Both ways end in one type.

    Later steps take `result`; in training it stands for `train_result`.
    """

    train: tuple[Step, ...]
    train_result: Value
    serve: tuple[Step, ...]
    result: Value


@dataclass(frozen=True)
class Param:
    """A constant that the command line may set, with the value used."""

    name: str
    value: Constant
    default: Constant
    doc: str = ""


@dataclass(frozen=True)
class Model:
    """The contract: `pre` gives `inputs`, `post` starts from `outputs`."""

    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    spaces: tuple[str, ...]
    """For each output the input, of the model or the file, whose pixels its coordinates are in,
    where that is named."""
    doc: str = ""


@dataclass(frozen=True)
class Pipeline:
    name: str
    edition: int
    doc: str
    params: tuple[Param, ...]
    inputs: tuple[Value, ...]
    input_docs: tuple[str, ...]
    input_orders: tuple[str, ...]
    """For each input the colour in which its channels may come, too; empty where there is none."""
    pre: tuple[Step | Branch, ...]
    fed: tuple[Value, ...]
    """The values of `pre` that become the model's inputs, in their order."""
    model: Model
    post: tuple[Step, ...]
    outputs: tuple[Value, ...]
    output_doc: str
    externs: tuple[Extern, ...]
    source: Source = field(compare=False)
    used: tuple[Source, ...] = field(default=(), compare=False)
    plan: Plan | None = None
    """Where its steps run, once it is baked into a model file."""

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders of channels that a caller chooses from: the file's own first, or none."""
        pairs = zip(self.inputs, self.input_orders, strict=True)
        of = ((v.type.colour, other) for v, other in pairs if isinstance(v.type, Array) and other)
        return next(((str(first), other) for first, other in of), ())

    @property
    def past_model(self) -> tuple[Value, ...]:
        """The inputs and the values of `pre` that `post` takes, or the pipeline gives."""
        taken = {v.number for v in (*(v for s in self.post for v in s.inputs), *self.outputs)}
        behind = (*self.model.outputs, *(v for step in self.post for v in step.outputs))
        taken -= {value.number for value in behind}
        before = (*self.inputs, *(v for step in self.serving() for v in step.outputs))
        return tuple(value for value in before if value.number in taken)

    @property
    def made_past_model(self) -> tuple[Value, ...]:
        """Those of them that `pre` makes."""
        given = {value.number for value in self.inputs}
        return tuple(value for value in self.past_model if value.number not in given)

    @property
    def kept(self) -> tuple[Value, ...]:
        """Those that `pre` makes and no input of the model is fed: it gives them beside these."""
        fed = {value.number for value in self.fed}
        return tuple(value for value in self.made_past_model if value.number not in fed)

    @property
    def has_train(self) -> bool:
        """Whether training differs from serving."""
        return any(isinstance(step, Branch) for step in self.pre)

    @property
    def generates_train(self) -> bool:
        """Whether every step of training can be generated, too."""
        return self.has_train and not any(step.op.missing() for step in self.training()[0])

    @property
    def serving_externs(self) -> tuple[Extern, ...]:
        """The externs that serving calls; training may call others."""
        return _called(self.externs, (*self.serving(), *self.post))

    @property
    def training_externs(self) -> tuple[Extern, ...]:
        """The externs that `pre` calls in training."""
        return _called(self.externs, self.training()[0])

    def serving(self) -> tuple[Step, ...]:
        """The steps of `pre` as they run in serving."""
        entries = (e.serve if isinstance(e, Branch) else (e,) for e in self.pre)
        return tuple(itertools.chain.from_iterable(entries))

    def training(self) -> tuple[tuple[Step, ...], tuple[Value, ...]]:
        """The steps of `pre` as they run in training, and what they feed to the model."""
        stands_for: dict[Value, Value] = {}  # from behind the branch that says so
        steps: list[Step] = []
        for entry in self.pre:
            for step in entry.train if isinstance(entry, Branch) else (entry,):
                inputs = tuple(stands_for.get(value, value) for value in step.inputs)
                steps.append(replace(step, inputs=inputs))
            if isinstance(entry, Branch):
                train_result = entry.train_result
                stands_for[entry.result] = stands_for.get(train_result, train_result)
        return tuple(steps), tuple(stands_for.get(value, value) for value in self.fed)


def modes(entries: Sequence[Step | Branch]) -> Iterator[tuple[str, Step]]:
    """The steps one by one, each with the mode that it alone is for, or with none."""
    for entry in entries:
        if isinstance(entry, Branch):
            yield from (("train", step) for step in entry.train)
            yield from (("serve", step) for step in entry.serve)
        else:
            yield "", entry


def picture_of(values: Sequence[Value], size: PictureSize) -> Value | None:
    """The value whose own pixels a size counts, if it is among these."""
    for value in values:
        space = value.type.space if isinstance(value.type, Array) else None
        if space is not None and space.parent is None and space.name == size.input:
            return value
    return None


def _called(externs: tuple[Extern, ...], steps: tuple[Step, ...]) -> tuple[Extern, ...]:
    names = {step.op.name for step in steps if isinstance(step.op, ExternCall)}
    return tuple(extern for extern in externs if extern.name in names)


def tolerance(value: Value) -> float:
    """By how much a backend's result may differ from the reference's."""
    return value.type.tolerance if isinstance(value.type, Array | Record) else 0.0
