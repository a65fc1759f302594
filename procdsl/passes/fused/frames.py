"""Steps on images, run on each frame of a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from procdsl.ir.pipeline import Step
from procdsl.opdef import clips
from procdsl.passes.fused._chain import Chain
from procdsl.records import dataclass
from procdsl.types.array import Array

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True)
class Frames(Chain):
    steps: tuple[Step, ...]
    """The steps as they are on one frame."""
    axis: int
    """Where the frames' axis stands in the result."""

    @property
    def parts(self) -> tuple[Step, ...]:
        return self.steps

    def infer(self, *types: Any) -> Array:
        clip = types[0]
        frame = super().infer(clip.with_(axes=clip.axes[1:]), *types[1:])
        axes = list(frame.axes)
        axes.insert(self.axis, clip.axes[0])
        found: Array = frame.with_(axes=tuple(axes))
        return found

    def reference(self, types: Any, *values: Any) -> Any:
        return clips.each(
            lambda frame: super(Frames, self).reference(None, frame, *values[1:]),
            values[0],
            self.axis,
        )

    def lower(self, build: Builder, x: Variable, *others: Variable) -> tuple[Result, ...]:
        region = build.region("frame", self.steps, others)
        attributes = {"axis": self.axis, "open": x.array.shape[0] is None}
        return build.call(self.template, [x], attributes=attributes, body=region)
