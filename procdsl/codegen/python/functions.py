"""What the functions of a module are, before the skeletons in `templates/python/` lay them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from procdsl import limits
from procdsl.codegen.python.body import Body, Statement
from procdsl.codegen.python.code import literal
from procdsl.codegen.python.decoders import Decoder
from procdsl.codegen.python.macros import LEADING, dtype
from procdsl.codegen.python.names import field, plural, plurals, variable
from procdsl.codegen.python.scope import Module, annotation
from procdsl.ir.least_sizes import least_sizes, needed, open_axes
from procdsl.ir.pipeline import Pipeline, Step, Value, picture_of
from procdsl.lower.lower import Lowered, gives_text, sizes_of
from procdsl.lower.program import Fields, Program, Result, Variable
from procdsl.passes.fused.frames import Frames
from procdsl.records import dataclass, replace
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import PictureSize, Record


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
    least: Mapping[str, int]
    """How long an open axis must be, where it is not enough that it is there."""
    other: str = ""
    """The colour in which its channels may come, too."""
    decoder: Decoder | None = None
    """What makes a picture of it, where the caller gives a file."""

    @property
    def type(self) -> Array:
        assert isinstance(self.value.type, Array), "parameters are arrays"
        return self.value.type

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

    @property
    def least_sizes(self) -> list[int]:
        """`least` for each axis, 0 where it says nothing."""
        return [self.least.get(str(size), 0) for size in self.wanted]


@dataclass(frozen=True)
class SizeParameter:
    """The argument for the height and width of an input's picture."""

    name: str
    plural: str
    picture: Parameter
    """The input, which may be given itself."""
    of: str
    """The picture that it speaks of, as the file names it."""
    given: bool
    """Whether that is an input."""
    one: bool
    """Whether it is the same for all samples of a batch."""

    @property
    def places(self) -> str:
        """Where the picture's sides are in the array, counted from the last axis, as arguments."""
        type_ = self.picture.type
        if type_.subsampled:
            return f"h={type_.from_end('rows')}, w={type_.from_end('w')}, frame=True"
        return f"h={type_.from_end('h')}, w={type_.from_end('w')}"


@dataclass(frozen=True)
class SharedAxis:
    """An open axis that several parameters have: they must be of one size along it."""

    axis: str
    places: tuple[tuple[str, int], ...]
    """Each parameter, and which of its axes it is, counted from the last, which is -1."""

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.places]

    @property
    def sizes(self) -> str:
        return f"[{', '.join(f'{name}.shape[{at}]' for name, at in self.places)}]"


@dataclass(frozen=True)
class Returned:
    """What a function returns, or one field of it."""

    name: str
    annotation: str
    expression: str
    variable: str
    value: Value
    """The value with its type as the function gives it."""
    recorded: tuple[tuple[str, str], ...]
    """For `self_check`: what hangs off the result (`.boxes`), and its name in the record."""
    parts: tuple[tuple[str, str], ...] = ()
    """The fields of a record, each with its variable."""
    count: str = ""
    """The variable that says how many rows are found, where a target has room for more."""
    rows: int = 0
    """The axis that they lie along; of the fields of a record it is the first."""
    texts: str = ""
    """The table of texts that a target looks the ids up in, where its programs hold none."""
    join: str = ""
    """The literal of what stands between these texts, where they are one."""
    shared: bool = False
    """Whether it may share memory with an argument, or with one before it, and must be copied."""


@dataclass(frozen=True)
class Function:
    """A function on one sample. With a `named_tuple` it returns one of that name."""

    name: str
    parameters: tuple[Parameter, ...]
    sizes: tuple[SizeParameter, ...]
    statements: tuple[Statement, ...]
    results: tuple[Returned, ...]
    named_tuple: str
    writes_out: bool
    """Whether the statements write the result into an `out` that is given."""
    functions: tuple[str, ...]
    """Functions of the module that the statements call."""
    constants: tuple[str, ...]
    """The names of the constants that the statements use."""
    sized: tuple[str, ...] = ()
    """The ops that no graph holds for pictures of any size."""
    variants: tuple[tuple[str, Function], ...] = ()
    """Where the caller names the order of the channels: for each the function that is called."""
    behind: str = ""
    """Where the caller gives files: the function of the pictures in them."""

    @property
    def orders(self) -> tuple[str, ...]:
        return tuple(order for order, _ in self.variants)

    @property
    def type(self) -> str:
        return self.named_tuple or self.results[0].annotation

    @property
    def shared(self) -> list[SharedAxis]:
        """The axes that parameters have in common, but for the sides of pictures."""
        places: dict[str, list[tuple[str, int]]] = {}
        for parameter in self.parameters:
            of_pictures = {"rows"} if parameter.type.subsampled else set()
            for axis in sorted(open_axes([parameter.type]) - of_pictures):
                at = parameter.type.from_end(axis)
                places.setdefault(axis, []).append((parameter.name, at))
        return [SharedAxis(axis, tuple(at)) for axis, at in places.items() if len(at) > 1]

    @property
    def open_sides(self) -> list[str]:
        """The sides of pictures among the arguments that may have any size."""
        return [
            f"{parameter.name}.shape[{parameter.type.from_end(axis)}]"
            for parameter in self.parameters
            for axis in parameter.wanted
            if axis in ("h", "w")
        ]

    def into(self, result: Returned) -> str:
        """Where the result goes when the caller gives an `out`."""
        return f"None if out is None else out.{result.name}" if self.named_tuple else "out"


def preprocess(pipeline: Pipeline, module: Module, lowered: Lowered, name: str) -> Function:
    """`pre` as a function of the inputs."""
    program, steps = lowered.program, lowered.steps
    single = len(program.results) == 1 and len(pipeline.inputs) == 1
    given = _only(program.results[0][1]) if single else None
    module.asked.clear()
    body = Body(module, program, slots={given: "out"} if given else {})
    statements = body.statements(program.groups)
    contracts = (*pipeline.model.inputs, *pipeline.kept)
    results: list[Returned] = []
    made = zip(contracts, program.results, lowered.shared, strict=True)
    for contract, (value, result), shared in made:
        of, hangs = _only(result), field(contract.name, [other.name for other in results])
        variable_ = body.variables.name(of)
        results.append(
            Returned(
                name=hangs,
                annotation=annotation(contract.type, module.target, scalars=False),
                expression=variable_,
                variable=variable_,
                value=Value(contract.name, value.number, value.type),
                recorded=(("" if len(contracts) == 1 else f".{hangs}", contract.name),),
                shared=shared,
            )
        )
    need = needed(part for step in steps for part in step.written)
    pairs = zip(reversed(steps), reversed(program.groups), strict=True)
    last = next((step.op for step, group in pairs if group.instructions), None)
    writes = last is not None and (last.writes or isinstance(last, Frames))
    batches = plurals([variable(value.name) for value in pipeline.inputs])
    declared = zip(
        pipeline.inputs, batches, pipeline.input_docs, pipeline.input_orders, strict=True
    )
    return Function(
        name=name,
        parameters=tuple(
            replace(_parameter(value, batch, module.target, doc, need), other=other)
            for value, batch, doc, other in declared
        ),
        sizes=(),
        statements=statements,
        results=tuple(results),
        named_tuple=_named_tuple(pipeline, results),
        writes_out=single and writes,
        functions=tuple(body.functions),
        constants=tuple(name for name in module.constants if name in module.asked),
        sized=tuple(program.sized()),
    )


def postprocess(pipeline: Pipeline, module: Module, lowered: Lowered) -> Function:
    """`post` as a function of the model's outputs, of what goes past the model and of the sizes of
    the inputs it goes back to."""
    program = lowered.program
    module.asked.clear()
    body = Body(module, program)
    statements = body.statements(program.groups)
    results: list[Returned] = []
    looked_up = {s.outputs[0].number: s for s in pipeline.post if gives_text(s)}
    need = needed(pipeline.post)
    for value, result in program.results:
        name = field(value.name, [other.name for other in results])
        returned = _returned(name, value, result, body)
        if module.target in LEADING:
            returned = _of_samples(returned, looked_up, program, result, body)
        results.append(returned)
    given, sizes = [*_given(pipeline)], [body.variables.name(size) for size in program.sizes]
    batches = plurals([*(variable(value.name) for value, _ in given), *sizes])
    taken = zip(sizes_of(pipeline.post), sizes, batches[len(given) :], strict=True)
    return Function(
        name="postprocess",
        parameters=tuple(
            _parameter(value, batch, module.target, doc, need)
            for (value, doc), batch in zip(given, batches, strict=False)
        ),
        sizes=tuple(
            _size_parameter(value, name, batch, pipeline, module.target)
            for value, name, batch in taken
        ),
        statements=statements,
        results=tuple(results),
        named_tuple="Output",
        writes_out=False,
        functions=(),
        constants=tuple(name for name in module.constants if name in module.asked),
    )


def user_names(pipeline: Pipeline) -> set[str]:
    """Every variable that a module makes of the file's own names."""
    steps = [*pipeline.serving(), *pipeline.training()[0], *pipeline.post]
    values = [*pipeline.inputs, *pipeline.model.inputs, *pipeline.model.outputs]
    values += [v for step in steps for v in (*step.inputs, *step.outputs)]
    names = {variable(value.name) for value in values}
    return names | {plural(name) for name in names} | {f"{name}s" for name in names}


def records(pipeline: Pipeline) -> list[Record]:
    """The types of several fields that the pipeline gives, each once."""
    types = (value.type for value in pipeline.outputs)
    found = {type_.name: type_ for type_ in types if isinstance(type_, Record)}
    return list(found.values())


def _returned(name: str, value: Value, result: Result, body: Body) -> Returned:
    target = body.module.target
    kind = annotation(value.type, target)
    if isinstance(result, Fields):
        parts = {part: body.variables.name(v) for part, v in result.variables.items()}
        made = f"{kind}({', '.join(f'{part}={v}' for part, v in parts.items())})"
        recorded = tuple((f".{name}.{part}", f"{value.name}.{part}") for part in parts)
        return Returned(name, kind, made, made, value, recorded, tuple(parts.items()))
    variable_ = body.variables.name(result)
    scalar = kind.startswith("np.") and kind != "np.ndarray"
    expression = f"{kind}({variable_})" if scalar else variable_
    return Returned(name, kind, expression, variable_, value, ((f".{name}", value.name),))


def _of_samples(
    returned: Returned, looked_up: Mapping[int, Step], program: Program, result: Result, body: Body
) -> Returned:
    """A result with what a target adds whose programs take many samples, and hold no texts."""
    value, texts, join, count, rows = returned.value, "", "", "", 0
    if value.number in looked_up:
        step = looked_up[value.number]
        table = step.op.constants(*step.types)["table"]
        texts = body.module.constant("table", table, step.op.name)
        between = step.op.attributes(*step.types)["join"]
        join = "" if between is None else literal(between)
    if value.number in program.counts:
        count = body.variables.name(program.counts[value.number])
        rows = result.array.open_axis if isinstance(result, Variable) else 0
    return replace(returned, texts=texts, join=join, count=count, rows=rows)


def _named_tuple(pipeline: Pipeline, results: Sequence[Returned]) -> str:
    if len(results) == 1:
        return ""
    return "Preprocessed" if pipeline.kept else "ModelInputs"


def _given(pipeline: Pipeline) -> Iterator[tuple[Value, str]]:
    """What `postprocess` takes, each with what is said of it beside its type."""
    inputs = {value.number for value in pipeline.inputs}
    yield from ((value, "") for value in pipeline.model.outputs)
    for value in pipeline.past_model:
        yield value, f"as `preprocess` {'takes' if value.number in inputs else 'gives'} it,"


def _only(result: Result) -> Variable:
    assert isinstance(result, Variable), "a model is fed arrays"
    return result


def _parameter(
    value: Value, batch: str, target: str, doc: str, need: Mapping[str, int]
) -> Parameter:
    assert isinstance(value.type, Array), "inputs and the model's values are arrays"
    name = variable(value.name)
    return Parameter(
        name=name,
        plural=batch,
        value=value,
        doc=doc,
        dtype=dtype(target, value.type.dtype),
        wanted=tuple(axis.size or axis.name for axis in value.type.axes),
        least={n: size for n, size in least_sizes(value.type, need).items() if size},
    )


def _size_parameter(
    value: Value, name: str, batch: str, pipeline: Pipeline, target: str
) -> SizeParameter:
    assert isinstance(value.type, PictureSize), "only sizes are taken so"
    unseen = Value(value.type.input, value.number, Array("u8", (Axis("h"), Axis("w"))))
    given = picture_of(pipeline.inputs, value.type)
    picture = replace(_parameter(given or unseen, "", target, "", {}), least={})
    taken = (step for step in pipeline.post if value in step.inputs)
    one = any(step.op.of_one_size(*step.types) for step in taken)
    return SizeParameter(name, batch, picture, value.type.input, given is not None, one)
