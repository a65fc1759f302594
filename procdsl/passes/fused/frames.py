"""Steps on images, run on each frame of a clip."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.ir.pipeline import Step
from procdsl.opdef.op import Op


@dataclass(frozen=True)
class Frames(Op):
    parts: tuple[Step, ...]
    """The steps as they are on one frame."""
    axis: int
    """Where the frames' axis stands in the result."""
