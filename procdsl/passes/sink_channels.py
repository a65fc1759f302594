"""Move an exchange of channels behind the steps that treat channels alike.

There it costs nothing: it becomes the order in which planes are written. It stops before a step
that tells channels apart or moves them, and where the numbers become larger with no layout after.
"""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.ir.pipeline import Step, Value
from procdsl.opdef import clips
from procdsl.ops.axes.layout import Layout
from procdsl.passes.block import Block, Holds
from procdsl.records import replace
from procdsl.types.array import Array


def sink_channels(block: Block, holds: Holds) -> Block:
    """The block with each exchange of channels as late as it can be."""
    numbers = block.new_numbers()
    for i in reversed(range(len(block.steps) - 1)):
        for j in range(i, len(block.steps) - 1):
            exchanged = _exchanged(block, j, next(numbers))
            if exchanged is None:
                break
            steps = list(block.steps)
            steps[j : j + 2] = exchanged
            block = block.with_steps(steps)
    return block


def _exchanged(block: Block, i: int, number: int) -> tuple[Step, Step] | None:
    """The step at `i` and the one after it in the other order, where that changes nothing."""
    moved, other = block.steps[i], block.steps[i + 1]
    x = moved.types[0]
    order = moved.op.reorders(*moved.types)
    if not isinstance(x, Array) or order is None or sorted(order) != [*range(x.channels or 0)]:
        return None
    if not (block.follows(moved, other) and other.op.channelwise(*other.types)):
        return None
    after = clips.infer(other.op, (x, *other.types[1:]))
    assert isinstance(after, Array), "steps on an image give an image"
    if after.names != x.names:  # the channels would be found at another place
        return None
    if after.dtype != x.dtype and not _has_layout(block.steps[i + 2 :]):  # larger numbers to move
        return None
    between = Value(other.outputs[0].name, number, after)
    return (
        replace(other, inputs=(*moved.inputs, *other.inputs[1:]), outputs=(between,)),
        replace(moved, inputs=(between,), outputs=other.outputs),
    )


def _has_layout(steps: Sequence[Step]) -> bool:
    return any(isinstance(step.op, Layout) for step in steps)
