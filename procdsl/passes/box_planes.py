"""Write the content of a letterbox straight into the planes that follow.

Neither the resized picture on its ground nor the ground itself is ever an image: the content goes
into its place in the planes, and the border gets what becomes of the fill.
"""

from __future__ import annotations

from procdsl.ops.geometry.letterbox import Letterbox
from procdsl.passes.block import Block, Holds
from procdsl.passes.fused.boxed_planes import BoxedPlanes
from procdsl.passes.fused.planes import Planes
from procdsl.records import replace


def box_planes(block: Block, holds: Holds) -> Block:
    """The block with each letterbox that planes follow as one step."""
    steps = list(block.steps)
    for i in reversed(range(len(steps) - 1)):
        box, planes = steps[i], steps[i + 1]
        fits = isinstance(box.op, Letterbox) and block.follows(box, planes)
        if fits and isinstance(planes.op, Planes):
            both = BoxedPlanes(box, planes.op)
            steps[i : i + 2] = [replace(planes, op=both, inputs=box.inputs)]
    return block.with_steps(steps)
