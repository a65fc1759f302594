"""Steps on single numbers, in one pass over the rows of an image."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.ir.pipeline import Step
from procdsl.opdef.op import Op
from procdsl.passes.fused.levels import on_levels


@dataclass(frozen=True)
class Pixels(Op):
    parts: tuple[Step, ...]

    def on_levels(self) -> tuple[Step, ...]:
        """The steps on an image that holds every level."""
        return on_levels(self.parts)
