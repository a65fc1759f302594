"""A resize that computes only what a crop keeps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procdsl.ir.pipeline import Step
from procdsl.ops.geometry.crop import Crop
from procdsl.ops.geometry.resize import Resize
from procdsl.passes.fused._chain import Chain
from procdsl.records import dataclass

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Variable


@dataclass(frozen=True)
class CroppedResize(Chain):
    resize: Step
    crop: Step

    @property
    def parts(self) -> tuple[Step, ...]:
        return self.resize, self.crop

    def lower(self, build: Builder, x: Variable) -> Variable:
        resize, crop = self.resize.op, self.crop.op
        assert isinstance(resize, Resize), "the first step is a resize"
        assert isinstance(crop, Crop), "the second one is a crop"
        at, cut = build.follow([resize, crop], build.sides(x))
        return build.sample(resize.sampler, x, build.sides_of(at), part=cut)
