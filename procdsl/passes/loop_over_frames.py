"""Run steps on the frames of a clip in a loop over them.

`each` is a legalization: where a target has ops on images alone, a step on a clip becomes one on
its frames, and one on a map of each class one on a map. A target that holds clips takes frames as
it takes the samples of a batch.
`joined` lets steps in a row share one loop, and takes those into it that could work on the whole
clip as well: on single numbers, and layouts that leave the frames first or second.
"""

from __future__ import annotations

from procdsl.ir.pipeline import Step, Value
from procdsl.opdef import clips
from procdsl.ops.axes.layout import Layout
from procdsl.passes.block import Block, Holds
from procdsl.passes.fused.frames import Frames
from procdsl.records import replace
from procdsl.types.array import Array

_CLIPS = (("t", "h", "w", "c"), ("t", "c", "h", "w"), ("t", "h", "w"))


def each(block: Block, holds: Holds) -> Block:
    """Every step that works on the frames of a clip, in a loop of its own."""
    return block.with_steps([_each(step, holds) for step in block.steps])


def _each(step: Step, holds: Holds) -> Step:
    loops = clips.is_clip(step.op, step.types) and not holds(step.op, "clip")
    return _looped(step, 0) if loops else step


def joined(block: Block, holds: Holds) -> Block:
    """Loops in a row as one."""
    written: list[Step] = []
    for step in block.steps:
        loop = step
        if not isinstance(step.op, Frames):
            axis = _frame_axis(step)
            if axis is None or holds(step.op, "clip"):
                written.append(step)
                continue
            loop = _looped(step, axis)
        last = written[-1].op if written else None
        frames = loop.op
        assert isinstance(frames, Frames), "just made"
        if isinstance(last, Frames) and last.axis == 0 and block.follows(written[-1], step):
            both = Frames(last.steps + frames.steps, frames.axis)
            inputs = written[-1].inputs + step.inputs[1:]
            written[-1] = replace(written[-1], op=both, inputs=inputs, outputs=step.outputs)
        else:
            written.append(loop)
    return block.with_steps(written)


def _looped(step: Step, axis: int) -> Step:
    return replace(step, op=Frames((_on_frame(step),), axis))


def _frame_axis(step: Step) -> int | None:
    """Where the frames stand in the result of a step that works on a clip as it does on frames."""
    x = step.types[0] if step.types else None
    if not isinstance(x, Array) or x.names not in _CLIPS:
        return None
    if isinstance(step.op, Layout):
        axes = step.outputs[0].type.names  # type: ignore[union-attr]  # a layout gives an array
        moved = tuple(name for name in axes if name != "t") != x.names[1:]
        return axes.index("t") if moved and axes.index("t") < 2 else None
    return 0 if step.op.pointwise else None


def _on_frame(step: Step) -> Step:
    """A step on a clip as the step on one of its frames."""
    op, t = step.op, step.inputs[0].type.names[0]  # type: ignore[union-attr]  # a clip is an array
    if isinstance(op, Layout):
        op = replace(op, axes=tuple(name for name in op.axes if name != "t"))
    inputs = (_frame(step.inputs[0], t), *step.inputs[1:])
    outputs = tuple(_frame(value, t) for value in step.outputs)
    return replace(step, op=op, inputs=inputs, outputs=outputs)


def _frame(value: Value, t: str) -> Value:
    assert isinstance(value.type, Array), "a clip is an array"
    return replace(value, type=value.type.without(t))
