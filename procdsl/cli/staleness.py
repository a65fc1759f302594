"""What `compile --check` says: which files are stale, and what changed since they were written."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from procdsl.cli import checking, sides
from procdsl.compare.change import Side
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.records import dataclass
from procdsl.workspace import sources, written
from procdsl.workspace.errors import Misuse

if TYPE_CHECKING:
    from procdsl.compare.compare import Comparison


@dataclass(frozen=True)
class Stale:
    """A file that is not what would be written."""

    path: Path
    state: str
    """`missing` or `stale`."""
    said: str
    comparison: Comparison | None = None
    """Of a manifest: what differs between the pipeline in it and the one of the source."""


def look_into(
    paths: Sequence[Path], command: Sequence[str], manifests: Mapping[Path, Side]
) -> Iterator[Stale]:
    """What is to be said of stale files; `command` writes them, `manifests` are of these sides."""
    for path in paths:
        state = "stale" if path.exists() else "missing"
        edited = state == "stale" and _changed(path)
        words = [*command, "--force"] if edited else command
        why = "was changed since procdsl wrote it" if edited else f"is {state}"
        said = f"{path} {why}: run {shlex.join(words)}"
        comparison = None
        if path in manifests and state == "stale":
            try:
                comparison = _compared(path, manifests[path])
            except Misuse as error:
                said += f" (what changed is not known: {error})"
        yield Stale(path, state, said, comparison)


def _changed(path: Path) -> bool:
    """Whether a file was written by procdsl, and then changed."""
    return path.is_file() and written.written(path) is not None and written.changed(path)


def _compared(path: Path, now: Side) -> Comparison:
    from procdsl.compare.compare import compare

    name = str(path)
    return compare(Side(name, sides.of_manifest(name, sources.text(name))), now)


def report(stale: Sequence[Stale], found: Sequence[Diagnostic], style: str) -> None:
    """Print it with the diagnostics that were found: for a reader to the error stream."""
    from procdsl.compare import render
    from procdsl.diagnostics.render import escaped, plain

    compared = [one.comparison for one in stale if one.comparison]
    if style == "json":
        items = [*map(plain, found), *map(_plain, stale)]
        items += [change for comparison in compared for change in render.changes(comparison)]
        print(json.dumps(items, indent=2))
        return
    if found:
        checking.report(found, style)
    if style == "github":
        for one in stale:
            where = f"file={escaped(str(one.path), True)},title={one.state}"
            print(f"::error {where}::{escaped(one.said, False)}")
        sys.stdout.write("".join(map(render.github, compared)))
        return
    for one in stale:
        print(one.said, file=sys.stderr)
    sys.stderr.write("".join(f"\n{render.text(comparison)}" for comparison in compared))


def _plain(stale: Stale) -> dict[str, object]:
    return {
        "code": stale.state,
        "severity": "error",
        "message": stale.said,
        "file": str(stale.path),
    }
