"""Rewrites of a pipeline's steps that make it fast and leave every bit as it is.

- An exchange of channels moves behind the steps that treat each channel alone, to where it costs
  nothing: the order in which planes are written.
- A crop moves into the resize before it, which then computes only what survives, with the weights
  of the whole resize.
- Steps on the frames of a clip share one loop.
- Steps that work on each number alone, with the layout to planes, become one pass over each plane;
  a letterbox before them is written straight into the planes.

Only emission sees the rewritten steps; the manifest holds those that were written. The tests run
pipelines with and without.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from procdsl import clips
from procdsl.fused.boxed import Boxed
from procdsl.fused.frames import Frames
from procdsl.fused.planes import Planes
from procdsl.fused.window import Window
from procdsl.ir import Step, Value
from procdsl.op import Op
from procdsl.ops.crop import Crop
from procdsl.ops.layout import Layout
from procdsl.ops.letterbox import Letterbox
from procdsl.ops.resize import Resize
from procdsl.types import Array

Able = Callable[[Op, str], bool]

PLANAR = (Planes, Boxed)
"""The steps that write planes, into memory that they are given."""


def fused(steps: Sequence[Step], fed: Sequence[Value], able: Able) -> tuple[Step, ...]:
    """The steps of `pre` rewritten; `fed` is what the model takes of their values.

    `able(op, form)` says whether a backend has the op in the form "part" (a window of what it
    samples) or "plane" (in place on one plane).
    """
    alone = _alone(steps, fed)
    numbers = itertools.count(-1, -1)  # no value of a pipeline has a number below 0
    rewritten = list(steps)
    _sink_channels(rewritten, alone, numbers)
    _cut_windows(rewritten, alone, able)
    rewritten = list(_gather_planes(rewritten, alone, able))
    _box(rewritten, alone)
    return tuple(rewritten)


def framed(steps: Sequence[Step], fed: Sequence[Value], join: bool) -> tuple[Step, ...]:
    """Steps on clips as steps on their frames; with `join`, one loop for those in a row."""
    alone = _alone(steps, fed)
    written: list[Step] = []
    for step in steps:
        if not clips.is_clip(step.op, step.types):
            written.append(step)
            continue
        parts = (clips.step_on_frame(step),)
        last = written[-1] if written else None
        if join and last and isinstance(last.op, Frames) and _follows(last, step, alone):
            written[-1] = replace(last, op=Frames(last.op.parts + parts), outputs=step.outputs)
        else:
            written.append(replace(step, op=Frames(parts)))
    return tuple(written)


def _alone(steps: Sequence[Step], fed: Sequence[Value]) -> set[Value]:
    """The values that one thing takes."""
    uses = Counter(value for step in steps for value in step.inputs)
    uses.update(fed)
    return {value for value, count in uses.items() if count == 1}


def _follows(first: Step, second: Step, alone: set[Value]) -> bool:
    """Whether the second step takes what the first gives, and nothing else does."""
    return second.inputs[:1] == first.outputs and first.outputs[0] in alone


def _sink_channels(steps: list[Step], alone: set[Value], numbers: Iterator[int]) -> None:
    """Exchange each reordering of channels with a following step that treats channels alike."""
    for i in reversed(range(len(steps) - 1)):
        for j in range(i, len(steps) - 1):
            moved, other = steps[j], steps[j + 1]
            x = moved.types[0]
            order = moved.op.reorders(*moved.types)
            if (
                not isinstance(x, Array)
                or order is None
                or sorted(order) != [*range(x.channels or 0)]
            ):
                break
            if not (_follows(moved, other, alone) and other.op.channelwise(*other.types)):
                break
            before = Value(other.outputs[0].name, next(numbers), _type(other.op, x))
            alone.add(before)
            steps[j] = replace(other, inputs=moved.inputs, outputs=(before,))
            steps[j + 1] = replace(moved, inputs=(before,), outputs=other.outputs)


def _cut_windows(steps: list[Step], alone: set[Value], able: Able) -> None:
    for i in reversed(range(len(steps) - 1)):
        first, second = steps[i], steps[i + 1]
        if not (isinstance(first.op, Resize) and isinstance(second.op, Crop)):
            continue
        if able(first.op, "part") and second.op.views and _follows(first, second, alone):
            steps[i : i + 2] = [
                Step(Window(first, second), first.inputs, second.outputs, second.flow)
            ]


def _gather_planes(steps: Sequence[Step], alone: set[Value], able: Able) -> Iterator[Step]:
    """Replace each run of steps on single numbers that ends in planes [c, h, w]."""
    run: list[Step] = []
    for step in (*steps, None):
        if step and _fits(step, able) and (not run or _follows(run[-1], step, alone)):
            run.append(step)
            continue
        yield from _gathered(run)
        run = [step] if step and _fits(step, able) else []
        if step and not run:
            yield step


def _box(steps: list[Step], alone: set[Value]) -> None:
    """Write the content of a letterbox straight into the planes that follow."""
    for i in reversed(range(len(steps) - 1)):
        box, planes = steps[i], steps[i + 1]
        fits = isinstance(box.op, Letterbox) and _follows(box, planes, alone)
        if fits and isinstance(planes.op, Planes):
            steps[i : i + 2] = [replace(planes, op=Boxed(box, planes.op), inputs=box.inputs)]


def _fits(step: Step, able: Able) -> bool:
    x = step.types[0]
    if not isinstance(x, Array) or sorted(x.names) != ["c", "h", "w"]:
        return False
    if isinstance(step.op, Layout):
        return x.names == ("h", "w", "c") and step.op.axes == ("c", "h", "w")
    if step.op.pointwise:
        return able(step.op, "plane")
    return step.op.reorders(x) is not None


def _gathered(run: list[Step]) -> list[Step]:
    """The run as one step, where it is one that ends in float32 planes."""
    x, y = (run[0].types[0], run[-1].outputs[0].type) if run else (None, None)
    layouts = [step for step in run if isinstance(step.op, Layout)]
    moves = [step for step in run if not isinstance(step.op, Layout) and not step.op.pointwise]
    if not isinstance(x, Array) or not isinstance(y, Array) or len(layouts) != 1 or len(moves) > 1:
        return run
    if x.names != ("h", "w", "c") or x.dtype not in ("u8", "f32") or y.dtype != "f32":
        return run
    parts = []
    values = list(run[0].inputs)
    for step in run:  # those behind the layout, seen on [h, w, c]
        if isinstance(step.op, Layout):
            continue
        after = replace(step.outputs[0], type=_type(step.op, values[-1].type))
        parts.append(replace(step, inputs=(values[-1],), outputs=(after,)))
        values.append(after)
    if not any(part.op.pointwise for part in parts):
        return run
    planes = Planes(tuple(run), tuple(parts))
    return [Step(planes, run[0].inputs, run[-1].outputs, run[-1].flow)]


def _type(op: Op, x: object) -> Array:
    found = op.infer(x)
    assert isinstance(found, Array), "steps on an image give an image"
    return found
