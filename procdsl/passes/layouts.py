"""Give each op a picture in the order of axes in which it takes it.

`for_ops` is a legalization: targets have ops on [h, w, c], so a step on a picture in another order
becomes a view, the step, and a view back. `joined` takes out the views between such steps: one
moves behind steps on single numbers to the next layout, with which it becomes one, or nothing. So a
run of steps on [c, h, w] has a view at its start and one at its end, which the planes then take.
"""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.ir.pipeline import Step, Value
from procdsl.opdef import clips, pictures
from procdsl.ops.axes.layout import Layout
from procdsl.passes.block import Block, Holds
from procdsl.passes.fused.view import View
from procdsl.records import replace
from procdsl.types.array import Array
from procdsl.types.constants import Word


def for_ops(block: Block, holds: Holds) -> Block:
    """Every step on a picture in another order than its op's, between two views."""
    numbers = block.new_numbers()
    written: list[Step] = []
    for step in block.steps:
        seen = pictures.turned(step.op, step.types)
        if seen is None:
            written.append(step)
            continue
        gives = clips.infer(step.op, (seen, *step.types[1:]))
        assert isinstance(gives, Array), "an op on pictures gives one"
        (result,) = step.outputs
        before, after = (Value(result.name, next(numbers), type_) for type_ in (seen, gives))
        written.append(_view(step.inputs[0], before, step.flow))
        written.append(replace(step, inputs=(before, *step.inputs[1:]), outputs=(after,)))
        written.append(_view(after, result, step.flow))
    return block.with_steps(written)


def _view(x: Value, y: Value, flow: bool) -> Step:
    assert isinstance(y.type, Array), "a picture is an array"
    return Step(View(axes=tuple(map(Word, y.type.names))), (x,), (y,), flow)


def joined(block: Block, holds: Holds) -> Block:
    """The views that layouts follow as one with them."""
    for i in reversed(range(len(block.steps))):
        if not isinstance(block.steps[i].op, View):
            continue
        end = _layout_behind(block, i)
        if end is not None:
            steps = [*block.steps[:i], *_joined(block.steps[i : end + 1]), *block.steps[end + 1 :]]
            block = block.with_steps(_without_idle(block.with_steps(steps)))
    return block


def _layout_behind(block: Block, start: int) -> int | None:
    """Where the layout stands that a view meets behind steps on single numbers."""
    for i in range(start + 1, len(block.steps)):
        step = block.steps[i]
        if not block.follows(block.steps[i - 1], step):
            return None
        if isinstance(step.op, Layout):
            return i
        if not step.op.pointwise:
            return None
    return None


def _joined(run: Sequence[Step]) -> list[Step]:
    """The steps of a run without the view at its start."""
    value = run[0].inputs[0]
    found = []
    for step in run[1:-1]:
        type_ = step.op.infer(value.type)
        assert isinstance(type_, Array), "steps on single numbers give an array"
        given, value = value, replace(step.outputs[0], type=type_)
        found.append(replace(step, inputs=(given,), outputs=(value,)))
    return [*found, replace(run[-1], inputs=(value,))]


def _idle(step: Step) -> bool:
    """Whether it is a view in the order in which the axes stand already."""
    x = step.types[0]
    return isinstance(step.op, View) and isinstance(x, Array) and x.names == step.op.axes


def _without_idle(block: Block) -> list[Step]:
    """The steps without the view that turns nothing: the step before gives its value."""
    steps = list(block.steps)
    for i, step in enumerate(steps[1:], 1):
        before = steps[i - 1]
        if _idle(step) and block.follows(before, step):
            steps[i - 1 : i + 1] = [replace(before, outputs=step.outputs)]
            break
    return steps
