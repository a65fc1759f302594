"""A layout that no file has written: the order in which an op takes a picture, and the way back."""

from __future__ import annotations

from procdsl.ir.pipeline import Step
from procdsl.ops.axes.layout import Layout
from procdsl.records import dataclass


@dataclass(frozen=True, kw_only=True)
class View(Layout):
    @property
    def template(self) -> str:
        return "ops/axes/layout"

    @property
    def parts(self) -> tuple[Step, ...]:
        return ()
