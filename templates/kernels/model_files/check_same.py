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
    if not isinstance(found, Mapping) or not isinstance(found.get("id"), str):
        came = type(manifest).__name__ if found is manifest else type(found).__name__
        raise ValueError(f"{what}: expected a manifest of procdsl, got {came} without its id")
    if found["id"] != own["id"]:
        raise ValueError(
            f"{what}: expected the pipeline {own['pipeline']} {own['id']}, which this module is "
            f"of, got {str(found.get('pipeline'))[:64]} {found['id'][:64]}"
        )
