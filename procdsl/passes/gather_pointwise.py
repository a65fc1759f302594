"""Gather steps that work on each number alone.

A run of them with the layout to planes becomes one pass over each plane, with an exchange of
channels as the order of the planes; without a layout, one pass over the rows. Only runs that end in
float32 gain by it: whole numbers are looked up, or take one operation each.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TypeGuard

from procdsl.ir.pipeline import Step
from procdsl.opdef import clips
from procdsl.ops.axes.layout import Layout
from procdsl.passes.block import Block, Holds
from procdsl.passes.fused.pixels import Pixels
from procdsl.passes.fused.planes import Planes
from procdsl.records import replace
from procdsl.types.array import Array
from procdsl.types.value import Type


def gather_pointwise(block: Block, holds: Holds) -> Block:
    """The block with each run of steps on single numbers as one step."""
    return block.with_steps(tuple(_gather(block, holds)))


def _gather(block: Block, holds: Holds) -> Iterator[Step]:
    run: list[Step] = []
    for step in block.steps:
        fits = _fits(step, holds)
        if run and not (fits and block.follows(run[-1], step)):
            yield from _gathered(run)
            run = []
        if fits:
            run.append(step)
        else:
            yield step
    yield from _gathered(run)


def _fits(step: Step, holds: Holds) -> bool:
    x = step.types[0] if step.types else None
    if not isinstance(x, Array) or (x.names[:1] == ("t",) and not holds(step.op, "clip")):
        return False
    names = _of_image(x)
    if sorted(names) not in (["c", "h", "w"], ["h", "w"]):
        return False
    if x.channels is None:  # as many planes, or columns of a table, as are known here
        return False
    if isinstance(step.op, Layout):
        return names == ("h", "w", "c") and step.op.axes[-3:] == ("c", "h", "w")
    if step.op.pointwise:
        return holds(step.op, "plane")
    return step.op.reorders(x) is not None


def _of_image(x: Array) -> tuple[str, ...]:
    """The axes of an image, and of a clip those of a frame."""
    return x.names[1:] if x.names[:1] == ("t",) else x.names


def _gathered(run: list[Step]) -> list[Step]:
    """The run as one step, or with those in a row as one that work on single numbers."""
    if not run:
        return run
    x, y = run[0].types[0], run[-1].outputs[0].type
    layouts = [step for step in run if isinstance(step.op, Layout)]
    moves = [step for step in run if not isinstance(step.op, Layout) and not step.op.pointwise]
    if (
        len(layouts) == 1
        and len(moves) <= 1
        and _to_float(x, y)
        and _of_image(x) == ("h", "w", "c")
    ):
        return _planes(run)
    found: list[Step] = []
    for pointwise, group in itertools.groupby(run, lambda step: step.op.pointwise):
        alike = list(group)
        first, last = alike[0], alike[-1]
        x, y = first.types[0], last.outputs[0].type
        if pointwise and _to_float(x, y) and _of_image(x)[:2] == ("h", "w"):
            alike = [Step(Pixels(tuple(alike)), first.inputs, last.outputs, last.flow)]
        found += alike
    return found


def _to_float(x: Type, y: Type) -> TypeGuard[Array]:
    if not isinstance(x, Array) or not isinstance(y, Array):
        return False
    return x.dtype in ("u8", "f32") and y.dtype == "f32"


def _planes(run: list[Step]) -> list[Step]:
    """A run with a layout as one step."""
    parts: list[Step] = []
    value = run[0].inputs[0]
    for step in run:  # those behind the layout, seen on [h, w, c]
        if isinstance(step.op, Layout):
            continue
        after = clips.infer(step.op, (value.type,))
        assert isinstance(after, Array), "steps on an image give an image"
        given, value = value, replace(step.outputs[0], type=after)
        parts.append(replace(step, inputs=(given,), outputs=(value,)))
    if not any(part.op.pointwise for part in parts):
        return run
    planes = Planes(tuple(run), tuple(parts))
    return [Step(planes, run[0].inputs, run[-1].outputs, run[-1].flow)]
