"""Steps on single numbers, in one pass over the rows of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from procdsl.ir.pipeline import Step
from procdsl.passes.fused._chain import Chain
from procdsl.passes.fused._regions import in_place, on_levels
from procdsl.records import dataclass

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True)
class Pixels(Chain):
    result_name: ClassVar[str] = "pixels"
    writes: ClassVar[bool] = True

    steps: tuple[Step, ...]

    @property
    def parts(self) -> tuple[Step, ...]:
        return self.steps

    def lower(self, build: Builder, x: Variable) -> tuple[Result, ...]:
        return build.call(
            self.template,
            [x],
            attributes={},
            named={"w": build.length(x, "w")},
            body=in_place((step, False) for step in self.steps),
            table=on_levels(self.steps),
        )
