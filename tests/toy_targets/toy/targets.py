"""A target that holds five ops, and writes a list of what a pipeline does."""

from __future__ import annotations

from collections.abc import Mapping

from procdsl.codegen.target import Target, Unit, Unsupported
from procdsl.ir.pipeline import Step
from procdsl.lower import lower

HELD = ("crop", "flip", "to_float", "layout", "softmax")


class Toy(Target):
    @property
    def name(self) -> str:
        return "toy"

    def unsupported(self, step: Step) -> Unsupported | None:
        if step.op.name in HELD:
            return None
        return Unsupported(f"toy has no `{step.op.name}`", f"only {', '.join(HELD)}")

    def files(self, unit: Unit) -> Mapping[str, str]:
        pre = lower.preprocess(unit.pipeline, self.holds, unit.options.optimize).program
        calls = [call.template.rpartition("/")[2] for call in pre.calls()]
        return {f"{unit.pipeline.name}.toy": "\n".join(calls) + "\n"}


TARGETS = (Toy(),)
