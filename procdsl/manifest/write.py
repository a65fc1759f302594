"""The manifest of a pipeline, as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import canonical
from procdsl.reference.golden_record import GoldenRecord
from procdsl.source import Source
from procdsl.version import VERSION

SCHEMA = 1
_WIDTH = 90


def manifest(
    pipeline: Pipeline, golden: GoldenRecord, provenance: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """Everything that is needed to know the pipeline, to rebuild it and to check a module of it."""
    unknown = next((extern.name for extern in pipeline.externs if not extern.sha256), None)
    if unknown:
        raise ValueError(f"the source of the extern `{unknown}` was not looked for")
    called = {"externs": canonical.externs(pipeline)} if pipeline.externs else {}
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "procdsl": VERSION,
        "pipeline": pipeline.name,
        "id": canonical.identity(pipeline),
        "edition": pipeline.edition,
        "doc": pipeline.doc,
        "source": _source(pipeline.source),
        "used": [_source(source) for source in pipeline.used],
        "params": [
            {
                "name": param.name,
                "value": canonical.plain(param.value),
                "default": canonical.plain(param.default),
                "doc": param.doc,
            }
            for param in pipeline.params
        ],
        **called,
        "inputs": [
            {"value": canonical.value_text(value), "doc": doc}
            for value, doc in zip(pipeline.inputs, pipeline.input_docs, strict=True)
        ],
        "pre": canonical.steps(pipeline.pre),
        "model": {**canonical.model(pipeline.model), "doc": pipeline.model.doc},
        "post": canonical.steps(pipeline.post),
        "outputs": [value.name for value in pipeline.outputs],
        "output_doc": pipeline.output_doc,
        "self_check": golden.plain(),
    }
    return {**data, "provenance": dict(provenance)} if provenance else data


def text(data: dict[str, Any]) -> str:
    """The manifest's text: ASCII, and one line for whatever fits on one."""
    return _pretty(data, "") + "\n"


def _pretty(value: Any, indent: str) -> str:
    line = json.dumps(value, allow_nan=False)
    if not isinstance(value, dict | list) or len(indent) + len(line) <= _WIDTH:
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_pretty(item, inner)}" for key, item in value.items()]
        opening, closing = "{", "}"
    else:
        items = [_pretty(item, inner) for item in value]
        opening, closing = "[", "]"
    body = ",\n".join(inner + item for item in items)
    return f"{opening}\n{body}\n{indent}{closing}"


def _source(source: Source) -> dict[str, str]:
    return {"name": source.title, "sha256": digest(source), "text": source.text}


def digest(source: Source) -> str:
    """SHA-256 of the source's text in UTF-8."""
    return hashlib.sha256(source.text.encode()).hexdigest()
