"""Steps on single numbers, in one pass over the rows of an image."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.fused.levels import on_levels
from procdsl.ir import Step
from procdsl.op import Op


@dataclass(frozen=True)
class Pixels(Op):
    parts: tuple[Step, ...]

    def on_levels(self) -> tuple[Step, ...]:
        """The steps on an image that holds every level."""
        return on_levels(self.parts)
