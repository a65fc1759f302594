import json
from collections.abc import Mapping
from typing import Any


def check_same(own: Mapping[str, Any], manifest: object, what: str) -> None:
    """Refuse a manifest, as text or as data, of another pipeline than the module's."""
    found = manifest
    if isinstance(manifest, str):
        try:
            found = json.loads(manifest)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{what}: expected a manifest of procdsl: {error}") from error
    fields: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    if "id" not in fields:
        came = type(found).__name__
        raise ValueError(f"{what}: expected a manifest of procdsl, got {came} without its id")
    if fields["id"] != own["id"]:
        raise ValueError(
            f"{what}: expected the pipeline {own['pipeline']} {own['id']}, which this module is "
            f"of, got {str(fields.get('pipeline'))[:64]} {str(fields['id'])[:64]}"
        )
    if places(fields) != places(own):
        raise ValueError(
            f"{what}: expected {described(own)}, for which this module is, got {described(fields)}"
        )


def places(manifest: Mapping[str, Any]) -> list[tuple[Any, ...]] | None:
    """Where each step runs, of a model file that is baked; None of any other."""
    plan = manifest.get("plan")
    if plan is None:
        return None
    return [(step["block"], step["step"], step["place"]) for step in plan["steps"]]


def described(manifest: Mapping[str, Any]) -> str:
    """What a model file does by itself, in words."""
    plan = manifest.get("plan")
    if plan is None:
        return "a model that takes what `preprocess` of the whole pipeline gives"
    return f"a baked one that takes {', '.join(plan['takes'])}"
