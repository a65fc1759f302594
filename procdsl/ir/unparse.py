"""A typed pipeline as the text of a `.proc` file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from procdsl.ir.extern import Extern
from procdsl.ir.pipeline import Branch, Model, Pipeline, Step, Value
from procdsl.opdef.arguments import Argument, arguments_of
from procdsl.opdef.op import Op
from procdsl.syntax import make, printer, tree
from procdsl.syntax.make import NOWHERE
from procdsl.types.array import Array
from procdsl.types.constants import Constant


def unparse(pipeline: Pipeline) -> str:
    """The canonical text: constants and params are put in where they are used."""
    return printer.text(tree.File(NOWHERE, tuple(_parts(pipeline)), ()))


def call_text(step: Step) -> str:
    """A step as it is written, on one line and without documentation."""
    return printer.one_line(_step(step))


def arguments_text(op: Op) -> str:
    """The arguments of an op as a call has them, defaults included."""
    values = {a.name: getattr(op, a.name) for a in arguments_of(type(op))}
    given = (a for a in arguments_of(type(op)) if values[a.name] is not None)
    return ", ".join(map(printer.one_line, _written(given, values)))


def _parts(pipeline: Pipeline) -> Iterator[tree.Part]:
    yield tree.Edition(NOWHERE, (), make.literal(pipeline.edition))
    yield tree.Pipeline(NOWHERE, make.docs(pipeline.doc), make.name(pipeline.name))
    yield from map(_extern, pipeline.externs)
    given = zip(pipeline.inputs, pipeline.input_docs, pipeline.input_orders, strict=True)
    for value, doc, other in given:
        yield tree.Input(NOWHERE, make.docs(doc), _typed(value, other=other))
    if pipeline.pre:
        entries = (_branches(e) if isinstance(e, Branch) else (_step(e),) for e in pipeline.pre)
        yield tree.Pre(NOWHERE, (), tuple(node for nodes in entries for node in nodes))
    yield _model(pipeline.model)
    if pipeline.post:
        yield tree.Post(NOWHERE, (), tuple(map(_step, pipeline.post)))
    if pipeline.outputs:
        names = make.names([value.name for value in pipeline.outputs])
        yield tree.Output(NOWHERE, make.docs(pipeline.output_doc), names)


def _extern(extern: Extern) -> tree.Extern:
    takes, gives = (
        tuple(make.type_(array, array.space.name if array.space else "") for array in arrays)
        for arrays in (extern.takes, extern.gives)
    )
    name, target = make.name(extern.name), make.literal(extern.target)
    return tree.Extern(NOWHERE, make.docs(extern.doc), name, target, takes, gives)


def _model(model: Model) -> tree.Model:
    outputs = (_typed(v, space) for v, space in zip(model.outputs, model.spaces, strict=True))
    return tree.Model(
        NOWHERE, make.docs(model.doc), tuple(map(_typed, model.inputs)), tuple(outputs)
    )


def _typed(value: Value, space: str = "", other: str = "") -> tree.Typed:
    assert isinstance(value.type, Array), "inputs and the model's values are arrays"
    return tree.Typed(NOWHERE, make.name(value.name), make.type_(value.type, space, other))


def _branches(branch: Branch) -> tuple[tree.Branch, ...]:
    return tuple(
        tree.Branch(NOWHERE, (), mode, tuple(map(_step, steps)))
        for mode, steps in (("train", branch.train), ("serve", branch.serve))
    )


def _step(step: Step) -> tree.Step:
    takes = [make.argument(make.name(value.path)) for value in step.named[step.flow :]]
    gives = () if step.flow else [value.name for value in step.outputs]
    allowed = {allowance.code: allowance.reason for allowance in step.allowed}
    return make.step(step.op.name, [*takes, *_arguments(step.op)], gives, allowed, step.doc)


def _arguments(op: Op) -> Iterator[tree.Argument]:
    """Each argument that is not at its default."""
    declared = arguments_of(type(op))
    values = {argument.name: getattr(op, argument.name) for argument in declared}
    stated = (a for a in declared if a.required or values[a.name] != a.default)
    return _written(stated, values)


def _written(
    declared: Iterable[Argument], values: Mapping[str, Constant]
) -> Iterator[tree.Argument]:
    """The arguments of a call that have a value, positional ones first."""
    for argument in sorted(declared, key=lambda argument: not argument.positional):
        if argument.name not in values:
            continue
        value = values[argument.name]
        if argument.rest and isinstance(value, tuple):
            yield from (make.argument(make.value(item)) for item in value)
        else:
            name = None if argument.positional else argument.name
            yield make.argument(make.value(value), name)
