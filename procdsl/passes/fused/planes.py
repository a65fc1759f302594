"""Steps on single numbers, and the layout to planes, in one pass over each plane."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.ir.pipeline import Step
from procdsl.opdef.op import Op
from procdsl.passes.fused.levels import on_levels
from procdsl.types.array import Array


@dataclass(frozen=True)
class Planes(Op):
    parts: tuple[Step, ...]
    """The steps as they were."""
    channelwise_parts: tuple[Step, ...]
    """Those that change numbers or exchange channels, all seen on [h, w, c]."""

    @property
    def pointwise_parts(self) -> list[tuple[Step, bool]]:
        """The steps that change numbers; True for those before an exchange of channels."""
        moves = [not part.op.pointwise for part in self.channelwise_parts]
        return [
            (part, any(moves[i:]))
            for i, part in enumerate(self.channelwise_parts)
            if part.op.pointwise
        ]

    def order(self, x: Array) -> tuple[int, ...]:
        """For each plane of the result, the channel of `x` that it is made of."""
        for part in self.channelwise_parts:
            if not part.op.pointwise:
                found = part.op.reorders(*part.types)
                assert found is not None, "a run has nothing else"
                return found
        assert x.channels is not None, "a run has known channels"
        return tuple(range(x.channels))

    def on_levels(self) -> tuple[Step, ...]:
        """The steps on an image that holds every level."""
        return on_levels(self.channelwise_parts)
