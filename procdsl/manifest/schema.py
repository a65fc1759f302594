"""The manifest's JSON Schema, as `procdsl schema` publishes it."""

from __future__ import annotations

from pathlib import Path

_FILE = Path(__file__).parent / "manifest.schema.json"


def text() -> str:
    """The schema's text."""
    return _FILE.read_text(encoding="utf-8")
