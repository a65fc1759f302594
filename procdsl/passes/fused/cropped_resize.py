"""A resize that computes only what a crop keeps of it."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.ir.pipeline import Step
from procdsl.opdef.op import Op
from procdsl.ops.geometry.crop import Crop
from procdsl.ops.geometry.resize import Resize


@dataclass(frozen=True)
class CroppedResize(Op):
    first: Step
    second: Step

    @property
    def parts(self) -> tuple[Step, ...]:
        return self.first, self.second

    @property
    def resize(self) -> Resize:
        assert isinstance(self.first.op, Resize), "a window is made of a resize"
        return self.first.op

    @property
    def crop(self) -> Crop:
        assert isinstance(self.second.op, Crop), "a window is made of a crop"
        return self.second.op

    @property
    def sampler(self) -> str:
        return self.resize.sampler
