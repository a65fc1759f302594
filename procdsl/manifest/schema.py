"""The manifest's JSON Schema, as `procdsl schema` publishes it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "manifest.schema.json"


def text() -> str:
    """The schema's text."""
    return _FILE.read_text(encoding="utf-8")


@cache
def validator() -> Any:
    """A validator of the schema."""
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(text()))
