"""How modules are exported by `torch.export`, and which steps it refuses."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from procdsl.bake.probes import twice_each
from procdsl.bake.target import Arrays
from procdsl.bake.targets import _torch
from procdsl.bake.targets._saved_operators import with_saved_operators
from procdsl.codegen.python.baked import ModelCall
from procdsl.ir.pipeline import Step, Value, picture_of
from procdsl.limits import SIDE
from procdsl.plan.halves import given_to
from procdsl.plan.single import in_post, in_pre
from procdsl.types.array import Array
from procdsl.types.value import PictureSize, Record, Type

if TYPE_CHECKING:
    import torch
    from torch import nn

_ONE_SIZE = "computed in another way for pictures of other sizes"
_SIDES = ("h", "w", "rows")


def exported(
    module: nn.Module,
    values: Sequence[Value],
    example: Arrays,
    batch: int | None,
    modules: tuple[str, ...] = (),
) -> torch.export.ExportedProgram:
    """The module for any size of each open axis, and for any batch unless one is fixed.

    `values` are what it takes, `example` arrays of them. No picture travels in it. What these
    `modules` take and give can be found in what is saved.
    """
    import torch

    shapes = tuple(_axes(value, batch) for value in values)
    program = torch.export.export(
        module,
        tuple(_torch.tensors(example)),
        dynamic_shapes=shapes,
        preserve_module_call_signature=modules,
    )
    program.example_inputs = None
    with_saved_operators(program)
    return program


def _axes(value: Value, batch: int | None) -> dict[int, torch.export.Dim]:
    """The axes of an array that may have any size. Pictures have sides of their own."""
    from torch.export import Dim

    assert isinstance(value.type, Array), "a file takes arrays"
    found = {} if batch else {0: Dim("samples", min=1)}
    for i, axis in enumerate(value.type.axes, start=1):
        if axis.size is None:
            side = axis.name in _SIDES
            name = f"{value.name}_{axis.name}" if side else f"axis_{axis.name}"
            found[i] = Dim(name, min=max(axis.low, 1), max=axis.high or (SIDE if side else None))
    return found


def in_order(network: nn.Module, call: ModelCall) -> nn.Module:
    """A model that takes and gives what the contract says, in its order."""
    from torch import nn

    class InOrder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, *given: torch.Tensor) -> tuple[torch.Tensor, ...]:
            found = self.network(*(given[i] for i in call.inputs))
            return tuple(_torch.taken_apart(found, call))

    return InOrder()


def refusal(step: Step, given: Sequence[Value]) -> str:
    """Why a step that leaves a size open cannot be exported for any, and saved; empty where it can.

    For a step of `post` these values are what the file is given.
    """
    import torch

    if not any(_is_open(type_, given) for type_ in step.types):
        return ""
    of_model = any(isinstance(t, PictureSize | Record) for t in step.types) or step.op.finds
    pipeline = in_post(step, given) if of_model else in_pre(step)
    module = _torch.code(pipeline)
    part = module.After() if of_model else module.Preprocess()
    values = (*given_to(pipeline), *(pipeline.model.outputs if of_model else ()))
    try:
        with _torch.quiet():
            program = exported(part, values, twice_each(pipeline, values), None)
            torch.export.save(program, io.BytesIO())
    except Exception as error:  # of many kinds
        return _said(error)
    return ""


def _is_open(type_: Type, given: Sequence[Value]) -> bool:
    if isinstance(type_, PictureSize):
        picture = picture_of(given, type_)
        return picture is None or _is_open(picture.type, ())
    arrays = [array for _, array in type_.fields] if isinstance(type_, Record) else [type_]
    return any(axis.size is None for array in arrays for axis in array.axes)


def _said(error: Exception) -> str:
    """What is refused, without the name of the step and what an exporter may do about it."""
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    if "Constraints violated" in line:
        return _ONE_SIZE
    return line.partition(": ")[2].partition(", and this graph")[0] or line
