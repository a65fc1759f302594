"""A letterbox whose content and border are written straight into planes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from procdsl.ir.pipeline import Step
from procdsl.ops.geometry.letterbox import Letterbox
from procdsl.passes.fused._chain import Chain
from procdsl.passes.fused.planes import Planes
from procdsl.records import dataclass

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True)
class BoxedPlanes(Chain):
    result_name: ClassVar[str] = "planes"
    writes: ClassVar[bool] = True

    box: Step
    planes: Planes

    @property
    def parts(self) -> tuple[Step, ...]:
        return self.box, *self.planes.parts

    def lower(self, build: Builder, x: Variable) -> tuple[Result, ...]:
        letterbox, planes = self.box.op, self.planes
        assert isinstance(letterbox, Letterbox), "it is made of a letterbox"
        at, content = letterbox.lower_content(build, x)
        (image,) = self.box.types
        return build.call(
            self.template,
            [content],
            attributes=planes.attributes(image),  # type: ignore[arg-type]  # an image
            constants=letterbox.constants(image),  # type: ignore[arg-type]  # an image
            named={"at": at},
            body=planes.body,
            table=planes.table,
        )
