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
