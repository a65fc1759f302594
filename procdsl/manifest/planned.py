"""A plan as the manifest holds it."""

from __future__ import annotations

from typing import Any

from procdsl.ir.pipeline import Pipeline
from procdsl.ir.plan import Plan
from procdsl.plan.halves import halves
from procdsl.plan.places import serving


def plain(pipeline: Pipeline, plan: Plan) -> dict[str, Any]:
    """Where each step runs and why, and what the file then takes and gives, as data."""
    file = halves(pipeline, plan).file
    steps = {block: serving(pipeline, block) for block in ("pre", "post")}
    return {
        "target": plan.target,
        "runtime": plan.runtime,
        "steps": [
            {
                "block": planned.block,
                "step": planned.number,
                "operation": steps[planned.block][planned.number].op.name,
                "place": planned.place,
                "reason": planned.reason,
            }
            for planned in plan.steps
        ],
        "takes": [f"{value.name}: {_declared(value.type)}" for value in file.inputs],
        "gives": [f"{value.name}: {_declared(value.type)}" for value in file.outputs],
    }


def _declared(type_: Any) -> str:
    return str(type_.declared)
