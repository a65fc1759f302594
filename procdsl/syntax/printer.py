"""A typed pipeline as the text of a `.proc` file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procdsl.ir.extern import signature
from procdsl.ir.pipeline import Allowance, Branch, Pipeline, Step, Value
from procdsl.opdef.arguments import arguments_of
from procdsl.opdef.op import Op
from procdsl.types.array import Array
from procdsl.types.constants import show


def unparse(pipeline: Pipeline) -> str:
    """The canonical text: constants and params are put in where they are used."""
    return "\n".join(_lines(pipeline)) + "\n"


def extern_text(name: str, target: str, takes: Sequence[str], gives: Sequence[str]) -> str:
    """The declaration of an extern, of types as they are written."""
    return f"extern {name} from {show(target)} ({', '.join(takes)}) -> {', '.join(gives)}"


def allowance_text(allowance: Allowance) -> str:
    """What stands behind a step's call."""
    return f"allow {allowance.code} {show(allowance.reason)}"


def call_text(step: Step) -> str:
    """A step as it is written, without its documentation and what it is allowed."""
    arguments = [*_values(step), *_arguments(step.op)]
    call = f"{step.op.name}({', '.join(arguments)})"
    if step.flow:
        return call
    return f"{', '.join(value.name for value in step.outputs)} = {call}"


def _values(step: Step) -> list[str]:
    return [value.name for value in step.named[step.flow :]]


def _arguments(op: Op) -> Iterator[str]:
    """Each argument that is not at its default, positional ones first."""
    declared = arguments_of(type(op))
    for argument in sorted(declared, key=lambda argument: not argument.positional):
        value = getattr(op, argument.name)
        if argument.rest:
            yield from map(show, value)
        elif value != argument.default or argument.required:
            yield show(value) if argument.positional else f"{argument.name}={show(value)}"


def _lines(pipeline: Pipeline) -> Iterator[str]:
    yield f"proc {pipeline.edition}"
    yield ""
    yield from _docs(pipeline.doc)
    yield f"pipeline {pipeline.name}"
    yield ""
    for extern in pipeline.externs:
        yield from _docs(extern.doc)
        yield extern_text(
            extern.name, extern.target, *map(_signatures, (extern.takes, extern.gives))
        )
        yield ""
    for value, doc in zip(pipeline.inputs, pipeline.input_docs, strict=True):
        yield from _docs(doc)
        yield f"input {_typed(value)}"
    if pipeline.pre:
        yield from ("", "pre {")
        for step in pipeline.pre:
            if isinstance(step, Branch):
                for mode, steps in (("train", step.train), ("serve", step.serve)):
                    yield f"    {mode} {{"
                    yield from _steps(steps, "        ")
                    yield "    }"
            else:
                yield from _steps([step], "    ")
        yield "}"
    yield ""
    yield from _docs(pipeline.model.doc)
    model = pipeline.model
    inputs = ", ".join(map(_typed, model.inputs))
    spaces = (f" @{space}" if space else "" for space in model.spaces)
    outputs = ", ".join(
        _typed(value) + space for value, space in zip(model.outputs, spaces, strict=True)
    )
    yield f"model {inputs} -> {outputs}"
    if pipeline.post:
        yield from ("", "post {")
        yield from _steps(pipeline.post, "    ")
        yield "}"
    if pipeline.outputs:
        yield ""
        yield from _docs(pipeline.output_doc)
        yield f"output {', '.join(value.name for value in pipeline.outputs)}"


def _signatures(types: Sequence[Array]) -> list[str]:
    return [signature(type_) for type_ in types]


def _docs(doc: str) -> Iterator[str]:
    for line in doc.split("\n") if doc else ():
        yield f"## {line}".rstrip()


def _steps(steps: Sequence[Step], indent: str) -> Iterator[str]:
    for step in steps:
        for line in _docs(step.doc):
            yield indent + line
        yield indent + " ".join((call_text(step), *map(allowance_text, step.allowed)))


def _typed(value: Value) -> str:
    assert isinstance(value.type, Array), "inputs and the model's values are arrays"
    return f"{value.name}: {value.type}"
