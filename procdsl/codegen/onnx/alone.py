"""Whether a graph holds a step."""

from __future__ import annotations

from procdsl.codegen.onnx.body import Body, Labels
from procdsl.codegen.onnx.functions import Functions
from procdsl.codegen.onnx.graph import Block
from procdsl.codegen.onnx.site import Refused
from procdsl.codegen.target import Options, Unsupported
from procdsl.ir.pipeline import Step, Value
from procdsl.lower import lower
from procdsl.lower.builder import Builder
from procdsl.lower.program import Fields
from procdsl.passes.block import Block as Steps
from procdsl.passes.block import Holds
from procdsl.passes.schedule import rewritten
from procdsl.types.value import PictureSize


def refused(step: Step, holds: Holds) -> Unsupported | None:
    """Why no graph holds the step: its nodes are written, as in a pipeline of it alone."""
    if lower.gives_text(step):  # a graph gives the ids
        return None
    steps = rewritten(Steps(step.inputs, (step,), step.outputs), holds, optimize=False).steps
    build = Builder()
    body = Body(Block(Options().opset, Functions()), Labels("", {}))
    for value in step.inputs:
        _give(body, build, value)
    try:
        body.write(tuple(build.step(one) for one in steps))
    except Refused as why:
        return Unsupported(why.reason, why.instead)
    return None


def _give(body: Body, build: Builder, value: Value) -> None:
    found = build.declare(value)
    variables = found.variables.values() if isinstance(found, Fields) else (found,)
    for variable in variables:
        if isinstance(variable.type, PictureSize):
            h, w = (body.block.given(f"{variable.name}_{side}", "i64", (None,)) for side in "hw")
            body.sizes[variable] = h, w
        else:
            array = variable.array
            body.values[variable] = body.block.given(
                variable.name, array.dtype, (None, *array.shape)
            )
