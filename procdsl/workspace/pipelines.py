"""Reads pipelines: from a source, from a manifest, or from a model file that carries one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.records import dataclass
from procdsl.source import Source
from procdsl.version import VERSION
from procdsl.workspace import sources
from procdsl.workspace.errors import Misuse

if TYPE_CHECKING:
    from procdsl.ir.pipeline import Pipeline


@dataclass(frozen=True)
class Described:
    """A pipeline with its manifest, and with what is told of the file that it was read from."""

    pipeline: Pipeline | None
    """None where there are errors, among the diagnostics."""
    manifest: str
    diagnostics: Sequence[Diagnostic]


def described(
    path: str, settings: Mapping[str, str], values: Mapping[str, object] | None = None
) -> Described:
    """The pipeline of a file, with where it comes from in the manifest's provenance.

    That is procdsl's version, of a source its commit and whether it was changed since, and
    `values`. What a manifest says of itself already stays, but for those.
    """
    from procdsl.manifest import provenance

    text = manifest_text(path, settings)
    added: dict[str, object] = {"procdsl": VERSION}
    found: Sequence[Diagnostic] = ()
    if text is None:
        pipeline, found = check(sources.read_source(path), settings)
        if pipeline is None:
            return Described(None, "", found)
        text, added = _compiled(path, pipeline), {**added, **_commit(path)}
    else:
        pipeline = pipeline_of(path, text)
    try:
        text = provenance.added(text, {**added, **(values or {})})
    except (TypeError, ValueError) as error:
        raise Misuse(f"what is added to the provenance: {error}") from None
    return Described(pipeline, text, found)


def read(path: str, settings: Mapping[str, str]) -> tuple[Pipeline | None, Sequence[Diagnostic]]:
    """The pipeline of a source, a manifest or a model file, or what is wrong with it."""
    text = manifest_text(path, settings)
    if text is None:
        return check(sources.read_source(path), settings)
    return pipeline_of(path, text), ()


def manifest_text(path: str, settings: Mapping[str, str]) -> str | None:
    """The manifest that a file is, or carries as a model; None where it is a source."""
    if sources.is_source(path):
        return None
    from procdsl.workspace import models

    text = models.manifest_text(path)
    if text is not None and settings:
        raise Misuse(f"{path} is a manifest, whose params are set: -D is for a `.proc` file")
    return text


def pipeline_of(path: str, text: str) -> Pipeline:
    """The pipeline of a manifest that a file holds."""
    from procdsl.manifest.read import BadManifest
    from procdsl.manifest.read import read as read_manifest

    try:
        return read_manifest(text)
    except BadManifest as error:
        raise Misuse(f"{path}: the manifest is not whole: {error}") from None


def check(
    source: Source, settings: Mapping[str, str]
) -> tuple[Pipeline | None, Sequence[Diagnostic]]:
    """The pipeline in a source, or what is wrong with it."""
    from procdsl.checker import check as checker

    checked = checker.check(source, sources.load, settings, _find)
    return checked.pipeline, checked.diagnostics


def _find(user: Source, module: str, function: str) -> str:
    from procdsl.workspace import externs  # only files with externs need it

    return externs.find(user, module, function)


def _compiled(path: str, pipeline: Pipeline) -> str:
    from procdsl.manifest import write
    from procdsl.reference.golden_record import golden_record

    try:
        return write.text(write.manifest(pipeline, golden_record(pipeline)))
    except ValueError as error:
        raise Misuse(f"{path}: {error}") from None


def _commit(path: str) -> dict[str, object]:
    from pathlib import Path

    from procdsl.workspace.git import commit_if_any

    return commit_if_any(Path(path))
