"""Files of a source that a run did not write, and that are not of what it wrote."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from procdsl.records import dataclass
from procdsl.workspace import written

_MANIFEST = ".manifest.json"
_MOST = 8_000_000
"""How large a file may be that is looked at: procdsl writes none of its own that is larger."""


@dataclass(frozen=True)
class Leftover:
    """A module or a manifest that procdsl wrote earlier."""

    path: Path
    pipeline: str
    """The pipeline that it is not of; empty where it is of the same, and only older."""

    @property
    def said(self) -> str:
        """What is to be told of it."""
        if self.pipeline:
            return (
                f"{self.path} is of the same source, and not of the pipeline {self.pipeline}: "
                "delete it, if the pipeline was renamed"
            )
        return f"{self.path} is of another manifest than what was written: write it anew, too"


def leftovers(files: Mapping[Path, str | bytes]) -> Iterator[Leftover]:
    """What lies beside files that are written, in the order of its names."""
    manifests = {path: text for path, text in files.items() if path.name.endswith(_MANIFEST)}
    for manifest, content in manifests.items():
        assert isinstance(content, str), "a manifest is a text"
        own = written.of_data(content.encode())
        assert own is not None, "it was just made"
        pipeline = manifest.name.removesuffix(_MANIFEST)
        for path in _beside(manifest.parent, set(files)):
            found = _found(path)
            if found is None or (found.made_from, found.baked) != (own.made_from, own.baked):
                continue
            if path.stem.rpartition("_")[0] != pipeline:
                yield Leftover(path, pipeline)
            elif found.manifest != own.manifest:
                yield Leftover(path, "")


def older(manifest: Path, fingerprint: str) -> list[Path]:
    """The modules beside a manifest that were written with another one of its pipeline."""
    pipeline = manifest.name.removesuffix(_MANIFEST)
    if pipeline == manifest.name:
        return []
    found = []
    for path in _beside(manifest.parent, set()):
        if path.stem.rpartition("_")[0] == pipeline:
            head = _found(path)
            if head and head.manifest not in ("", fingerprint):
                found.append(path)
    return found


def _beside(folder: Path, but: set[Path]) -> list[Path]:
    """The files in a folder that may be procdsl's."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    ours = (name for name in names if name.endswith((".py", _MANIFEST)))
    return [path for path in (folder / name for name in ours) if path not in but]


def _found(path: Path) -> written.Written | None:
    """What a file says of itself, if it is one of procdsl's."""
    try:
        regular = path.is_file() and path.stat().st_size <= _MOST
        return written.of_data(path.read_bytes()) if regular else None
    except OSError:
        return None
