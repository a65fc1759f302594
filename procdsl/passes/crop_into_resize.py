"""Move a crop into the resize before it, which then computes only what survives.

The weights are those of the whole resize, so that the bits stay; where a sampler carries an error
bound, the sum of a pixel may come out otherwise in a part, and nothing is moved.
"""

from __future__ import annotations

from procdsl.ir.pipeline import Step
from procdsl.ops.geometry.crop import Crop
from procdsl.ops.geometry.resize import Resize
from procdsl.passes.block import Block, Holds
from procdsl.passes.fused.cropped_resize import CroppedResize


def crop_into_resize(block: Block, holds: Holds) -> Block:
    """The block with each resize that a crop follows as one step."""
    steps = list(block.steps)
    for i in reversed(range(len(steps) - 1)):
        first, second = steps[i], steps[i + 1]
        if not (isinstance(first.op, Resize) and isinstance(second.op, Crop)):
            continue
        if first.error_bound is not None or not second.op.may_alias:
            continue
        if holds(first.op, "part") and block.follows(first, second):
            cropped = CroppedResize(first, second)
            steps[i : i + 2] = [Step(cropped, first.inputs, second.outputs, second.flow)]
    return block.with_steps(steps)
