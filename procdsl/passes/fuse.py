"""Rewrites of a pipeline's steps that make it fast and leave every bit as it is.

- An exchange of channels moves behind the steps that treat each channel alone, to where it costs
  nothing: the order in which planes are written.
- A crop moves into the resize before it, which then computes only what survives, with the weights
  of the whole resize.
- Steps on the frames of a clip share one loop, and what is said here is done in it.
- Steps that work on each number alone, with the layout to planes, become one pass over each plane;
  a letterbox before them is written straight into the planes. Without a layout they become one pass
  over the rows.

Only emission sees the rewritten steps; the manifest holds those that were written. The tests run
pipelines with and without.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeGuard

from procdsl.ir.pipeline import Step, Value
from procdsl.opdef import clips
from procdsl.opdef.op import Op
from procdsl.ops.axes.layout import Layout
from procdsl.ops.geometry.crop import Crop
from procdsl.ops.geometry.letterbox import Letterbox
from procdsl.ops.geometry.resize import Resize
from procdsl.passes.fused.boxed import Boxed
from procdsl.passes.fused.cropped_resize import CroppedResize
from procdsl.passes.fused.frames import Frames
from procdsl.passes.fused.pixels import Pixels
from procdsl.passes.fused.planes import Planes
from procdsl.types.array import Array
from procdsl.types.value import Type

Able = Callable[[Op, str], bool]

WRITING: dict[type[Op], str] = {Planes: "planes", Boxed: "planes", Pixels: "pixels"}
"""The steps that write into memory that they are given while their source is read; and what."""


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
    rewritten = list(_gather_runs(rewritten, alone, able))
    _box(rewritten, alone)
    return tuple(_in_frames(step, able) for step in rewritten)


def framed(steps: Sequence[Step], fed: Sequence[Value], join: bool) -> tuple[Step, ...]:
    """Steps on clips as steps on their frames; with `join`, one loop for those in a row."""
    alone = _alone(steps, fed)
    written: list[Step] = []
    for step in steps:
        axis = clips.frame_axis(step, alone_too=join)
        if axis is None:
            written.append(step)
            continue
        frames = Frames((clips.step_on_frame(step),), axis)
        last = written[-1].op if join and written else None
        if isinstance(last, Frames) and last.axis == 0 and _follows(written[-1], step, alone):
            frames = Frames(last.parts + frames.parts, axis)
            written[-1] = replace(written[-1], op=frames, outputs=step.outputs)
        else:
            written.append(replace(step, op=frames))
    return tuple(written)


def _in_frames(step: Step, able: Able) -> Step:
    """The steps on the frames of a clip rewritten, too."""
    if not isinstance(step.op, Frames):
        return step
    parts = step.op.parts
    return replace(step, op=replace(step.op, parts=fused(parts, parts[-1].outputs, able)))


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
            after = _type(other.op, x)
            if after.names != x.names:  # the channels would be found at another place
                break
            if after.dtype != x.dtype and not _has_layout(steps[j + 2 :]):  # larger numbers to move
                break
            before = Value(other.outputs[0].name, next(numbers), after)
            alone.add(before)
            steps[j] = replace(other, inputs=moved.inputs, outputs=(before,))
            steps[j + 1] = replace(moved, inputs=(before,), outputs=other.outputs)


def _has_layout(steps: Sequence[Step]) -> bool:
    return any(isinstance(step.op, Layout) for step in steps)


def _cut_windows(steps: list[Step], alone: set[Value], able: Able) -> None:
    for i in reversed(range(len(steps) - 1)):
        first, second = steps[i], steps[i + 1]
        if not (isinstance(first.op, Resize) and isinstance(second.op, Crop)):
            continue
        if first.error_bound is not None:  # a bounded sum may come out otherwise in a window
            continue
        if able(first.op, "part") and second.op.may_alias and _follows(first, second, alone):
            steps[i : i + 2] = [
                Step(CroppedResize(first, second), first.inputs, second.outputs, second.flow)
            ]


def _gather_runs(steps: Sequence[Step], alone: set[Value], able: Able) -> Iterator[Step]:
    """Replace each run of steps on single numbers that ends in float32."""
    run: list[Step] = []
    for step in steps:
        fits = _fits(step, able)
        if run and not (fits and _follows(run[-1], step, alone)):
            yield from _gathered(run)
            run = []
        if fits:
            run.append(step)
        else:
            yield step
    yield from _gathered(run)


def _box(steps: list[Step], alone: set[Value]) -> None:
    """Write the content of a letterbox straight into the planes that follow."""
    for i in reversed(range(len(steps) - 1)):
        box, planes = steps[i], steps[i + 1]
        fits = isinstance(box.op, Letterbox) and _follows(box, planes, alone)
        if fits and isinstance(planes.op, Planes):
            steps[i : i + 2] = [replace(planes, op=Boxed(box, planes.op), inputs=box.inputs)]


def _fits(step: Step, able: Able) -> bool:
    x = step.types[0]
    if not isinstance(x, Array) or sorted(x.names) not in (["c", "h", "w"], ["h", "w"]):
        return False
    if x.channels is None:  # as many planes, or columns of a table, as are known here
        return False
    if isinstance(step.op, Layout):
        return x.names == ("h", "w", "c") and step.op.axes == ("c", "h", "w")
    if step.op.pointwise:
        return able(step.op, "plane")
    return step.op.reorders(x) is not None


def _gathered(run: list[Step]) -> list[Step]:
    """The run as one step, or with those in a row as one that work on single numbers."""
    if not run:
        return run
    x, y = run[0].types[0], run[-1].outputs[0].type
    layouts = [step for step in run if isinstance(step.op, Layout)]
    moves = [step for step in run if not isinstance(step.op, Layout) and not step.op.pointwise]
    if len(layouts) == 1 and len(moves) <= 1 and _to_float(x, y) and x.names == ("h", "w", "c"):
        return _planes(run)
    found: list[Step] = []
    for pointwise, group in itertools.groupby(run, lambda step: step.op.pointwise):
        alike = list(group)
        first, last = alike[0], alike[-1]
        x, y = first.types[0], last.outputs[0].type
        if pointwise and _to_float(x, y) and x.names[:2] == ("h", "w"):
            alike = [Step(Pixels(tuple(alike)), first.inputs, last.outputs, last.flow)]
        found += alike
    return found


def _to_float(x: Type, y: Type) -> TypeGuard[Array]:
    return (
        isinstance(x, Array)
        and isinstance(y, Array)
        and x.dtype in ("u8", "f32")
        and y.dtype == "f32"
    )


def _planes(run: list[Step]) -> list[Step]:
    """A run with a layout as one step."""
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
