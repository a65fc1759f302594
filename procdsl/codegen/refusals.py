"""What a target cannot hold, as diagnostics."""

from __future__ import annotations

from procdsl.compiler import refused
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.ir.pipeline import Pipeline
from procdsl.source import Span


def refusals(pipeline: Pipeline, target: str) -> list[Diagnostic]:
    """One for each step that the target cannot hold with its declared numerics."""
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
