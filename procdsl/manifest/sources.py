"""The sources that a manifest holds, as files that use each other."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from procdsl.checker.check import check
from procdsl.checker.uses import CannotUse
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import canonical, names
from procdsl.manifest.read import BadManifest
from procdsl.records import dataclass
from procdsl.source import Source
from procdsl.types.constants import show


@dataclass(frozen=True)
class Layout:
    """Files below one folder, by their paths, and which of them is the pipeline."""

    pipeline: str
    files: Mapping[str, str]
    settings: Mapping[str, str]
    """What the params were set to, by name, where that is not their default."""


def laid_out(pipeline: Pipeline) -> Layout:
    """The sources of a pipeline that was read from a manifest, which must compile to it.

    A source names what it uses by the path from its own folder. Where one lies above the pipeline,
    the folders between them have names of which nothing is known.
    """
    source, left = pipeline.source, list(pipeline.used)
    if "/" in source.title:
        raise BadManifest(f"its source has the name {source.title[:80]!r}")
    files = {_checked(source.title): source.text}

    def load(user: Source, path: str) -> Source:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(user.name), _checked(path)))
        if place in files and (not left or left[0].title != path):
            return Source(place, files[place], title=path)  # it is used in two places
        if not left or left[0].title != path:
            raise CannotUse("it is not among the sources of the manifest")
        text = left.pop(0).text
        if files.setdefault(place, text) != text:
            raise BadManifest(f"two of its sources lie at {place}")
        return Source(place, text, title=path)

    settings = {p.name: show(p.value) for p in pipeline.params if show(p.value) != show(p.default)}
    hashes = {extern.target: extern.sha256 for extern in pipeline.externs}
    checked = check(
        Source(source.title, source.text),
        load,
        settings,
        lambda _, m, f: hashes.get(f"{m}:{f}", ""),
    )
    if checked.pipeline is None or left:
        said = str(checked.diagnostics[0].message) if checked.diagnostics else "one is not used"
        raise BadManifest(f"its sources do not compile: {said}")
    if canonical.identity(checked.pipeline) != canonical.identity(pipeline):
        raise BadManifest("its sources are of another pipeline than its steps")
    return _below(source.title, files, settings)


def _checked(path: str) -> str:
    if not names.fits(path):
        raise BadManifest(f"a source of it has the name {path[:80]!r}")
    return path


def _below(title: str, files: Mapping[str, str], settings: Mapping[str, str]) -> Layout:
    """The files with as many folders round them as some lie above the pipeline."""
    above = max(path.split("/").count("..") for path in files)
    folders = [f"folder{n}" for n in range(1, above + 1)]

    def moved(path: str) -> str:
        return posixpath.normpath(posixpath.join(*folders, path))

    return Layout(moved(title), {moved(path): text for path, text in files.items()}, settings)
