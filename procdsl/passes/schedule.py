"""The passes in their order, and what runs them.

A pass is a named rewrite of a block that leaves every bit of its results as it is. Only lowering
sees the rewritten steps; the manifest holds those that were written. The verifier looks at a block
after each pass, and the tests run pipelines with and without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from procdsl.ir import verifier
from procdsl.ir.pipeline import Step
from procdsl.passes import layouts
from procdsl.passes.block import Block, Holds
from procdsl.passes.box_planes import box_planes
from procdsl.passes.crop_into_resize import crop_into_resize
from procdsl.passes.fused.frames import Frames
from procdsl.passes.gather_pointwise import gather_pointwise
from procdsl.passes.loop_over_frames import each, joined
from procdsl.passes.sink_channels import sink_channels
from procdsl.records import dataclass, replace


@dataclass(frozen=True)
class Pass:
    """A rewrite; without one that is `required` a target has no macro for what is left."""

    name: str
    run: Callable[[Block, Holds], Block]
    required: bool = False
    in_loops: bool = True
    """Whether it is done in loops over frames, too."""


PASSES = (
    Pass("layouts_for_ops", layouts.for_ops, required=True, in_loops=False),
    Pass("join_layouts", layouts.joined, in_loops=False),
    Pass("loop_over_frames", each, required=True, in_loops=False),
    Pass("join_loops", joined, in_loops=False),
    Pass("sink_channels", sink_channels),
    Pass("crop_into_resize", crop_into_resize),
    Pass("gather_pointwise", gather_pointwise),
    Pass("box_planes", box_planes),
)


def rewritten(block: Block, holds: Holds, optimize: bool = True) -> Block:
    """The block after all passes; without `optimize` after those alone that are required."""
    return [block, *(after for _, after in steps(block, holds, optimize))][-1]


def steps(block: Block, holds: Holds, optimize: bool = True) -> Iterator[tuple[Pass, Block]]:
    """The block after each pass."""
    verified: Sequence[Step] = ()
    for pass_ in PASSES:
        if optimize or pass_.required:
            block = _run(pass_, block, holds)
            before = {id(step) for step in verified}
            verifier.verify(block.inputs, block.steps, block.wanted, pass_.name, before)
            verified = block.steps
            yield pass_, block


def _run(pass_: Pass, block: Block, holds: Holds) -> Block:
    block = pass_.run(block, holds)
    if not pass_.in_loops:
        return block
    return block.with_steps(tuple(_in_loops(pass_, block, holds)))


def _in_loops(pass_: Pass, block: Block, holds: Holds) -> Iterator[Step]:
    for step in block.steps:
        if isinstance(step.op, Frames):
            inner = step.op.steps
            body = Block(inner[0].inputs[:1], inner, inner[-1].outputs)
            body = _run(pass_, body, holds)
            yield replace(step, op=replace(step.op, steps=body.steps))
        else:
            yield step
