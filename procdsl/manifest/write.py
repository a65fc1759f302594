"""The manifest of a pipeline, as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import canonical, names
from procdsl.reference.golden_record import GoldenRecord
from procdsl.source import Source
from procdsl.version import VERSION

SCHEMA = 3
_WIDTH = 90


def manifest(
    pipeline: Pipeline, golden: GoldenRecord, provenance: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """Everything that is needed to know the pipeline, to rebuild it and to check a module of it."""
    for source in (pipeline.source, *pipeline.used):
        if not names.fits(source.title):
            raise ValueError(
                f"no manifest holds a source that is called {ascii(source.title)[:80]}, since it "
                "could not be extracted everywhere: a name begins with no dot, and has neither : "
                "nor \\ nor what cannot be printed in it"
            )
    data = {**described(pipeline), "self_check": golden.plain()}
    return {**data, "provenance": dict(provenance)} if provenance else data


def described(pipeline: Pipeline) -> dict[str, Any]:
    """The part of the manifest that follows from the source alone: nothing has to be run for it."""
    unknown = next((extern.name for extern in pipeline.externs if not extern.sha256), None)
    if unknown:
        raise ValueError(f"the source of the extern `{unknown}` was not looked for")
    called = {"externs": canonical.externs(pipeline)} if pipeline.externs else {}
    past = {"past_model": canonical.past_model(pipeline)} if pipeline.past_model else {}
    return {
        "schema": SCHEMA,
        "procdsl": VERSION,
        "pipeline": pipeline.name,
        "id": canonical.identity(pipeline),
        "serving_id": canonical.serving_identity(pipeline),
        "edition": pipeline.edition,
        "doc": pipeline.doc,
        "source": _source(pipeline.source),
        "used": [_source(source) for source in pipeline.used],
        "params": canonical.params(pipeline),
        **called,
        "inputs": [
            {"value": text, "doc": doc}
            for text, doc in zip(canonical.input_texts(pipeline), pipeline.input_docs, strict=True)
        ],
        "pre": canonical.steps(pipeline.pre),
        "model": {**canonical.model(pipeline.model), "doc": pipeline.model.doc},
        **past,
        "post": canonical.steps(pipeline.post),
        "outputs": [value.name for value in pipeline.outputs],
        "output_doc": pipeline.output_doc,
    }


def text(data: Mapping[str, Any]) -> str:
    """The manifest's text: ASCII, and one line for whatever fits on one.

    Each line of a source has one of its own, so that a step that changes is one line of a diff.
    """
    return _pretty(dict(data), "") + "\n"


def _pretty(value: Any, indent: str, spread: bool = False) -> str:
    line = json.dumps(value, allow_nan=False)
    fits = len(indent) + len(line) <= _WIDTH and not (spread or _has_lines(value))
    if fits or not isinstance(value, dict | list):
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        items = [
            f"{json.dumps(key)}: {_pretty(item, inner, spread=key == 'lines')}"
            for key, item in value.items()
        ]
        opening, closing = "{", "}"
    else:
        items = [_pretty(item, inner) for item in value]
        opening, closing = "[", "]"
    body = ",\n".join(inner + item for item in items)
    return f"{opening}\n{body}\n{indent}{closing}"


def _has_lines(value: Any) -> bool:
    """Whether a source is in it."""
    if isinstance(value, list):
        return any(map(_has_lines, value))
    return isinstance(value, dict) and ("lines" in value or any(map(_has_lines, value.values())))


def _source(source: Source) -> dict[str, Any]:
    lines = source.text.split("\n")
    return {"name": source.title, "sha256": digest(source), "lines": lines}


def digest(source: Source) -> str:
    """SHA-256 of the source's text in UTF-8."""
    return hashlib.sha256(source.text.encode()).hexdigest()
