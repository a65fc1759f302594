"""A letterbox whose content and border are written straight into planes."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.ir.pipeline import Step
from procdsl.opdef.op import Op
from procdsl.ops.geometry.letterbox import Letterbox
from procdsl.passes.fused.planes import Planes


@dataclass(frozen=True)
class Boxed(Op):
    box: Step
    planes: Planes

    @property
    def parts(self) -> tuple[Step, ...]:
        return self.box, *self.planes.parts

    @property
    def letterbox(self) -> Letterbox:
        assert isinstance(self.box.op, Letterbox), "it is made of a letterbox"
        return self.box.op

    @property
    def sampler(self) -> str:
        return self.letterbox.sampler
