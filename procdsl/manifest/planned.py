"""A plan in the manifest of a baked file.

Where each step runs is a fact of that file, and is believed as far as it holds together; what the
file then takes and gives follows from it, and must be what stands there. Reasons are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdsl.ir.pipeline import Pipeline, Value
from procdsl.ir.plan import HOST, MODEL, Plan, PlannedStep
from procdsl.manifest import golden
from procdsl.manifest.errors import BadManifest
from procdsl.manifest.strict_json import shown
from procdsl.plan.halves import halves
from procdsl.plan.places import serving
from procdsl.records import replace
from procdsl.reference.golden_record import GoldenRecord
from procdsl.types.array import Array

KEY = "plan"
_STEP = {"block": str, "step": int, "operation": str, "place": str, "reason": str}
_PLAN = {"target": str, "runtime": str, "steps": list, "takes": list, "gives": list}


def plain(pipeline: Pipeline, plan: Plan) -> dict[str, Any]:
    """Where each step runs and why, and what the file then takes and gives, as data."""
    file = halves(pipeline, plan).file
    steps = {block: serving(pipeline, block) for block in ("pre", "post")}
    return {
        "target": plan.target,
        "runtime": plan.runtime,
        **({"order": plan.order} if plan.order else {}),
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
        "takes": [_declared(value) for value in file.inputs],
        "gives": [_declared(value) for value in file.outputs],
    }


def added(manifest: Mapping[str, Any], pipeline: Pipeline, record: GoldenRecord) -> dict[str, Any]:
    """A manifest with the plan of its pipeline, and the golden record of what stays on the host."""
    assert pipeline.plan is not None, "it has one"
    plan = {**plain(pipeline, pipeline.plan), "self_check": record.plain()}
    last = {key: value for key, value in manifest.items() if key == "provenance"}
    first = {key: value for key, value in manifest.items() if key != "provenance"}
    return {**first, KEY: plan, **last}


def read(data: object, pipeline: Pipeline) -> Pipeline:
    """The pipeline with the plan that its manifest holds."""
    ordered = {"order": str} if isinstance(data, dict) and data.get("order") else {}
    fields = _fields(data, {**_PLAN, **ordered, "self_check": dict}, "plan")
    steps = tuple(
        _step(entry, f"plan/steps/{i}", pipeline) for i, entry in enumerate(fields["steps"])
    )
    plan = Plan(fields["target"], fields["runtime"], steps, fields.get("order", ""))
    try:
        two = halves(pipeline, plan)
    except ValueError as error:
        raise BadManifest(f"at plan/steps: {error}") from None
    wanted = plain(pipeline, plan)
    for key in ("takes", "gives"):
        if fields[key] != wanted[key]:
            said = ", ".join(wanted[key])
            raise BadManifest(f"at plan/{key}: {shown(fields[key])}, and its steps give {said}")
    try:
        golden.check_form(fields["self_check"], two.host)
    except BadManifest as error:
        raise BadManifest(f"in plan: {error}") from None
    return replace(pipeline, plan=plan)


def _step(entry: object, place: str, pipeline: Pipeline) -> PlannedStep:
    fields = _fields(entry, _STEP, place)
    block, number = fields["block"], fields["step"]
    if block not in ("pre", "post"):
        raise BadManifest(f"at {place}/block: {shown(block)}, where pre or post was expected")
    step = serving(pipeline, block).get(number)
    if step is None or step.op.name != fields["operation"]:
        raise BadManifest(f"at {place}: {block}.{number} is no {shown(fields['operation'])}")
    if fields["place"] not in (HOST, MODEL):
        raise BadManifest(
            f"at {place}/place: {shown(fields['place'])}, where {HOST} or {MODEL} was expected"
        )
    return PlannedStep(block, number, fields["place"], fields["reason"])


def _fields(data: object, wanted: Mapping[str, type], place: str) -> Mapping[str, Any]:
    if not isinstance(data, dict) or data.keys() != wanted.keys():
        raise BadManifest(f"at {place}: {shown(data)}, where {', '.join(wanted)} stand")
    for key, kind in wanted.items():
        if type(data[key]) is not kind:
            raise BadManifest(f"at {place}/{key}: {shown(data[key])} is of another kind")
    return data


def _declared(value: Value) -> str:
    assert isinstance(value.type, Array), "a file takes and gives arrays"
    return f"{value.name}: {value.type.declared}"
