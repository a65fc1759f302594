"""What a target cannot hold."""

from __future__ import annotations

from procdsl.codegen.target import Unsupported
from procdsl.codegen.targets import targets
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.ir.pipeline import Pipeline, Step
from procdsl.source import Span


def refused(pipeline: Pipeline, target: str) -> list[tuple[Step, Unsupported]]:
    """The steps that a target cannot hold, and why."""
    steps = (*pipeline.serving(), *pipeline.post)
    found = ((step, targets()[target].unsupported(step)) for step in steps)
    return [(step, why) for step, why in found if why is not None]


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
