import json
from typing import Any


def with_provenance(manifest: str, provenance: dict[str, Any]) -> str:
    """A manifest's text with values of JSON added by name; arrays of one number are that number."""

    def plain(value: Any) -> Any:
        if not hasattr(value, "item"):
            raise TypeError(f"{type(value).__name__} is no value of JSON")
        return value.item()

    values = json.loads(manifest).get("provenance", {})
    for name, value in provenance.items():
        try:
            values[name] = json.loads(json.dumps(value, allow_nan=False, default=plain))
        except (TypeError, ValueError, RuntimeError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"{name}: expected a value of JSON, such as 50: {error}") from error
    if not values:
        return manifest
    place = manifest.rfind(',\n  "provenance": ')  # it is the last key, where there is one
    head = manifest[: place if place > 0 else manifest.rindex("\n}")]
    return f'{head},\n  "provenance": {json.dumps(values)}\n}}\n'
