"""What the functions of a module are, before the skeletons in `templates/python/` lay them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from procdsl import limits
from procdsl.codegen.python.macros import able, dtype
from procdsl.codegen.python.names import field, free, plural, reserved
from procdsl.codegen.python.steps import Body, Names, Statement
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.passes.fuse import WRITING, framed, fused
from procdsl.passes.fused.frames import Frames
from procdsl.types.array import Array
from procdsl.types.value import PictureSize, Record, Type


@dataclass(frozen=True)
class Parameter:
    """An argument of a function on one sample; `plural` is what a batch of it is called."""

    name: str
    plural: str
    value: Value
    doc: str
    dtype: str
    wanted: tuple[str | int, ...]
    """The shape: a name for an open axis, a number for a fixed one."""

    @property
    def rank(self) -> int:
        return len(self.wanted)

    @property
    def shape_text(self) -> str:
        return f"({', '.join(map(str, self.wanted))}{',' * (self.rank == 1)})"

    @property
    def sizes(self) -> list[int]:
        """The shape with -1 for an open axis, and with minus the largest for a picture's side."""
        sides = {"h": -limits.SIDE, "w": -limits.SIDE}
        return [size if isinstance(size, int) else sides.get(size, -1) for size in self.wanted]


@dataclass(frozen=True)
class Result:
    """What a function returns, or one field of it."""

    name: str
    annotation: str
    variable: str
    scalar: bool
    """Whether it is one number of numpy, and no array."""
    value: Value
    """The value with its type as the function gives it."""
    recorded: tuple[tuple[str, str], ...]
    """For `self_check`: what hangs off the result (`.boxes`), and its name in the record."""


@dataclass(frozen=True)
class Function:
    """A function on one sample. With a `named_tuple` it returns one of that name."""

    name: str
    parameters: tuple[Parameter, ...]
    sizes: tuple[tuple[str, str], ...]
    """The size arguments, and what they are called in a batch."""
    statements: tuple[Statement, ...]
    results: tuple[Result, ...]
    named_tuple: str
    copies: bool
    """Whether the result may share memory with an argument, and must be copied."""
    writes_out: bool
    """Whether the statements write the result into an `out` that is given."""
    functions: tuple[str, ...]
    """Functions of the module that the statements call."""
    constants: tuple[str, ...]
    """The names of the constants that the statements use."""

    @property
    def returned(self) -> str:
        return self.results[0].variable

    @property
    def type(self) -> str:
        return self.named_tuple or self.results[0].annotation

    @property
    def batched(self) -> bool:
        """Whether one array in and one out, so that a leading axis can be a batch."""
        return len(self.parameters) == 1 and not self.named_tuple

    def into(self, result: Result) -> str:
        """Where the result goes when the caller gives an `out`."""
        return f"None if out is None else out.{result.name}" if self.named_tuple else "out"


def preprocess(
    pipeline: Pipeline, names: Names, train: bool = False, fuse: bool = True
) -> Function:
    """`pre` as a function of the inputs."""
    steps, fed = pipeline.training() if train else (pipeline.serving(), pipeline.fed)
    steps = framed(steps, fed, fuse)
    if fuse:
        steps = fused(steps, fed, partial(able, names.backend))
    variables = _flow_variables(steps, pipeline, fed)
    variables |= {value.number: variable(value.name) for value in pipeline.inputs}
    for step in steps:
        if type(step.op) in WRITING:
            taken = names.user | reserved() | set(variables.values())
            variables[step.outputs[0].number] = free(WRITING[type(step.op)], taken)
    docs = pipeline.input_docs
    before = set(names.constants)
    single = len(fed) == 1 and len(pipeline.inputs) == 1
    body = Body(names, variables, out={fed[0].number: "out"} if single else {})
    statements = tuple(body.statement(step) for step in steps)
    results = [
        Result(
            name=field(contract.name, ()),
            annotation=_annotation(contract.type, names.backend, scalars=False),
            variable=variables[given.number],
            scalar=False,
            value=Value(contract.name, given.number, given.type),
            recorded=(("" if len(fed) == 1 else f".{field(contract.name, ())}", contract.name),),
        )
        for contract, given in zip(pipeline.model.inputs, fed, strict=True)
    ]
    return Function(
        name="preprocess_train" if train else "preprocess",
        parameters=tuple(
            _parameter(value, names.backend, doc)
            for value, doc in zip(pipeline.inputs, docs, strict=True)
        ),
        sizes=(),
        statements=statements,
        results=tuple(results),
        named_tuple="ModelInputs" if len(results) > 1 else "",
        copies=all(step.op.may_alias for step in steps),
        writes_out=single and bool(steps) and type(steps[-1].op) in (*WRITING, Frames),
        functions=tuple(body.functions),
        constants=_used(names, statements, before),
    )


def postprocess(pipeline: Pipeline, names: Names) -> Function:
    """`post` as a function of the model's outputs and the sizes of the inputs it goes back to."""
    taken = {v for step in pipeline.post for v in step.inputs if isinstance(v.type, PictureSize)}
    sizes = sorted(taken, key=lambda value: value.number)
    given = [v for step in pipeline.post for v in step.outputs]
    variables = _variables([*pipeline.model.outputs, *sizes, *given], names.backend)
    before = set(names.constants)
    body = Body(names, variables)
    statements = tuple(body.statement(step) for step in pipeline.post)
    return Function(
        name="postprocess",
        parameters=tuple(_parameter(v, names.backend, "") for v in pipeline.model.outputs),
        sizes=tuple((variables[v.number], f"{variables[v.number]}s") for v in sizes),
        statements=statements,
        results=_outputs(pipeline, variables, names.backend),
        named_tuple="Output",
        copies=False,
        writes_out=False,
        functions=(),
        constants=_used(names, statements, before),
    )


def variable(name: str) -> str:
    """The variable for a value of this name."""
    return free(name, reserved())


def user_names(pipeline: Pipeline) -> set[str]:
    """Every variable that a module makes of the file's own names."""
    steps = [*pipeline.serving(), *pipeline.training()[0], *pipeline.post]
    values = [*pipeline.inputs, *pipeline.model.inputs, *pipeline.model.outputs]
    values += [v for step in steps for v in (*step.inputs, *step.outputs)]
    names = {variable(value.name) for value in values}
    return names | {plural(name) for name in names} | {f"{name}s" for name in names}


def _used(names: Names, statements: Sequence[Statement], before: set[str]) -> tuple[str, ...]:
    text = "\n".join(statement.code for statement in statements)
    return tuple(name for name in names.constants if name not in before or f"self.{name}" in text)


def _flow_variables(
    steps: Sequence[Step], pipeline: Pipeline, fed: Sequence[Value]
) -> dict[int, str]:
    """The value in flow is called what the model calls it; the others keep their names."""
    flows = {step.outputs[0].number for step in steps if step.flow}
    single = len(fed) == 1 and fed[0].number in flows
    variables = {}
    for value in (value for step in steps for value in step.outputs):
        in_flow = single and value.number in flows
        name = pipeline.model.inputs[0].name if in_flow else value.name
        variables[value.number] = variable(name)
    return variables


def _variables(values: Iterable[Value], backend: str) -> dict[int, str]:
    """A variable for each value; a name keeps to one kind of thing, as TorchScript wants it."""
    kinds: dict[str, str] = {}
    variables = {}
    for value in values:
        name = variable(value.name)
        kind = (
            "size"
            if isinstance(value.type, PictureSize)
            else _annotation(value.type, backend, False)
        )
        while kinds.setdefault(name, kind) != kind:
            name += "_"
        variables[value.number] = name
    return variables


def _parameter(value: Value, backend: str, doc: str) -> Parameter:
    assert isinstance(value.type, Array), "inputs and the model's values are arrays"
    name = variable(value.name)
    return Parameter(
        name=name,
        plural=variable(plural(name)),
        value=value,
        doc=doc,
        dtype=dtype(backend, value.type.dtype),
        wanted=tuple(axis.size or axis.name for axis in value.type.axes),
    )


def _outputs(pipeline: Pipeline, variables: dict[int, str], backend: str) -> tuple[Result, ...]:
    results: list[Result] = []
    for value in pipeline.outputs:
        name = field(value.name, [other.name for other in results])
        recorded = [(f".{name}", value.name)]
        if isinstance(value.type, Record):
            parts = [part for part, _ in value.type.fields]
            recorded = [(f".{name}.{part}", f"{value.name}.{part}") for part in parts]
        annotation = _annotation(value.type, backend)
        variable_ = variables[value.number]
        scalar = annotation.startswith("np.") and annotation != "np.ndarray"
        results.append(Result(name, annotation, variable_, scalar, value, tuple(recorded)))
    return tuple(results)


def _annotation(type_: Type, backend: str, scalars: bool = True) -> str:
    """The Python type of a value; with `scalars`, numpy's for an array without axes."""
    if isinstance(type_, Record):
        return type_.name
    assert isinstance(type_, Array), "a size is no result"
    if type_.dtype == "text":
        return "list[str]" if type_.axes else "str"
    if backend == "torch":
        return "torch.Tensor"
    return dtype(backend, type_.dtype) if scalars and not type_.axes else "np.ndarray"
