"""The functions of a module that make pictures of files: a function for each input of bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdsl.codegen.python.body import Body, Statement
from procdsl.codegen.python.names import variable
from procdsl.codegen.python.scope import Module, annotation
from procdsl.ir.pipeline import Step
from procdsl.lower import lower
from procdsl.lower.program import Variable
from procdsl.records import dataclass


@dataclass(frozen=True)
class Decoder:
    """What makes a picture of an input, and what reads its size."""

    input: str
    """The name of the input in the file."""
    name: str
    size: str
    """The function that gives the size of the picture."""
    parameter: str
    formats: tuple[str, ...]
    turns: bool
    statements: tuple[Statement, ...]
    result: str
    type: str
    """The annotation of the picture."""
    described: str
    checks: tuple[tuple[str, str, str], ...]
    """For `self_check`: the name of each result, the kernel that gives the file, its argument."""


def decoders(steps: Sequence[Step], module: Module) -> Mapping[str, Decoder]:
    """The decoders by the names of the inputs."""
    sizes = size_functions(steps)
    return {step.inputs[0].name: _decoder(step, sizes, module) for step in steps}


def size_functions(steps: Sequence[Step]) -> Mapping[str, str]:
    """What the functions are called that give the size of a picture, by the names of the inputs."""
    names = [step.inputs[0].name for step in steps]
    return {name: f"image_size_of_{name}" if len(names) > 1 else "image_size" for name in names}


def _decoder(step: Step, sizes: Mapping[str, str], module: Module) -> Decoder:
    given, picture = step.inputs[0], step.outputs[0]
    program = lower.alone(step, "pixels")
    body = Body(module, program)
    statements = body.statements(program.groups)
    ((_, result),) = program.results
    assert isinstance(result, Variable), "a picture is an array"
    (call,) = program.calls()
    formats, turns = call.attributes["formats"], call.attributes["turns"]
    bits = "16" if call.attributes["depth"] == "u16" else "8"
    assert isinstance(formats, tuple), "an op that decodes says which formats it takes"
    return Decoder(
        input=given.name,
        name=module.function(f"decode_{given.name}"),
        size=sizes[given.name],
        parameter=variable(given.name),
        formats=tuple(map(str, formats)),
        turns=bool(turns),
        statements=statements,
        result=body.variables.name(result),
        type=annotation(picture.type, module.target),
        described=picture.type.described(),
        checks=tuple(
            (f"{given.name}, {kind}", f"tiny_{kind}", bits if kind == "png" else "")
            for kind in step.op.built_in()
        ),
    )
