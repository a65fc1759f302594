"""What a target cannot hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from procdsl.codegen.target import Unsupported
from procdsl.codegen.targets import targets
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.ir.pipeline import Pipeline, Step
from procdsl.source import Span


class _This:
    """A pipeline that is equal to itself alone: to compare two takes long."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.pipeline is other.pipeline

    def __hash__(self) -> int:
        return id(self.pipeline)


def refused(pipeline: Pipeline, target: str) -> list[tuple[Step, Unsupported]]:
    """The steps that a target cannot hold, and why."""
    return list(_refused(_This(pipeline), target))


@lru_cache(maxsize=64)
def _refused(this: _This, target: str) -> Sequence[tuple[Step, Unsupported]]:
    """The same, found once for the command that tells it and the compiler."""
    steps = (*this.pipeline.serving(), *this.pipeline.post)
    found = ((step, targets()[target].unsupported(step)) for step in steps)
    return tuple((step, why) for step, why in found if why is not None)


def refusals(pipeline: Pipeline, target: str) -> list[Diagnostic]:
    """A diagnostic for each step that the target cannot hold with its declared numerics."""
    start = Span(pipeline.source, 0, 0)
    return [
        Diagnostic(
            "E403",
            step.span or start,
            f"{target} cannot hold `{step.op.name}`",
            found=why.reason,
            wanted="a step that the target has with the same numerics",
            help=why.instead,
        )
        for step, why in refused(pipeline, target)
    ]
