"""Opens what is compared: a `.proc` file, a manifest, a model file, or one in a commit of git."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdsl.checker.externs import Finder
from procdsl.checker.uses import Loader
from procdsl.compare.change import Side
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.ir.pipeline import Pipeline
from procdsl.source import Source
from procdsl.workspace import commits, models, sources
from procdsl.workspace.errors import Misuse


class Broken(Exception):
    """A file with errors, of which there is no pipeline."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(len(diagnostics))
        self.diagnostics = diagnostics


def opened(given: str, settings: Mapping[str, str]) -> Side:
    """The pipeline that a name stands for; a manifest has params of its own.

    `Broken` holds what is wrong with a source.
    """
    if given.startswith(commits.PREFIX):
        return in_commit(*commits.named(given), settings)
    manifest = None if sources.is_source(given) else models.manifest_text(given)
    if manifest is not None:
        return Side(given, of_manifest(given, manifest))
    from procdsl.workspace import externs

    source = sources.read_source(given)
    return Side(source.name, _checked(source, sources.load, externs.find, settings))


def in_commit(commit: commits.Commit, path: str, settings: Mapping[str, str]) -> Side:
    """The pipeline of a file as a commit has it, with what it uses from the same commit."""
    source = commit.source(path)
    if sources.is_manifest(source.text):
        return Side(source.name, of_manifest(source.name, source.text))
    return Side(source.name, _checked(source, commit.load, commit.find, settings))


def of_manifest(name: str, text: str) -> Pipeline:
    """The pipeline of a manifest's text."""
    from procdsl.manifest.read import BadManifest, read

    try:
        return read(text)
    except BadManifest as error:
        raise Misuse(f"{name} is no manifest that can be read: {error}") from None


def _checked(source: Source, load: Loader, find: Finder, settings: Mapping[str, str]) -> Pipeline:
    from procdsl.checker.check import check

    checked = check(source, load, settings, find)
    if checked.pipeline is None:
        raise Broken(checked.diagnostics)
    return checked.pipeline
