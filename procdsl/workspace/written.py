"""What procdsl has written: known by what is in a file, not by its name."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from procdsl import seal
from procdsl.records import dataclass
from procdsl.version import VERSION
from procdsl.workspace.errors import Misuse

MAKER = b"\x07procdsl"
"""What stands in the first bytes of a graph: its producer, behind how long the name is."""
_SPECIAL = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True)
class Written:
    """A file of a pipeline, as it says itself."""

    made_from: str
    """The source; empty of what serves all pipelines."""
    manifest: str
    """The fingerprint of the manifest that it is, or was written with."""
    changed: bool
    """Whether it was changed since."""


def special(path: Path) -> str:
    """What a path is where no file can be written to: a folder, a FIFO, a socket, a device."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise Misuse(f"{path} cannot be written: {error.strerror}") from None
    return next((name for is_one, name in _SPECIAL if is_one(mode)), "")


def refuse_special(path: Path) -> None:
    """Refuse to write where no file can be."""
    kind = special(path)
    if kind:
        raise Misuse(f"{path} is {kind}, and a file of that name is to be written")


def written(path: Path) -> Written | None:
    """What a module or a manifest says of itself; None of what procdsl did not write."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Misuse(f"{path} cannot be read: {error.strerror}") from None
    return of_data(data)


def of_data(data: bytes) -> Written | None:
    """The same of what is in a file."""
    if MAKER in data[:32]:
        return _of_graph(data)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if text.lstrip()[:1] == "{":
        return _of_manifest(text)
    head = seal.head(text)
    return None if head is None else Written(head.made_from, head.manifest, not head.whole)


def _of_manifest(text: str) -> Written | None:
    from procdsl.manifest import read

    try:
        manifest = read.parse(text)
        made_from = _made_from(manifest)
    except (KeyError, TypeError, ValueError):
        return None
    changed = False
    if manifest["procdsl"] == VERSION:  # another one may see other things in its source
        try:
            read.pipeline_of(manifest)
        except ValueError:
            changed = True
    return Written(made_from, seal.fingerprint(manifest), changed)


def _of_graph(data: bytes) -> Written | None:
    """A graph carries its manifest."""
    from procdsl.modelfile.data import BadModelFile, in_memory
    from procdsl.modelfile.format import Model
    from procdsl.modelfile.formats import recognised

    held = in_memory(data)
    model = Model("", lambda name: None if name else held)
    try:
        format = recognised(model)
        text = format.text(model) if format else None
        manifest = json.loads(text) if text else None
        return manifest and Written(_made_from(manifest), seal.fingerprint(manifest), False)
    except (BadModelFile, KeyError, TypeError, ValueError):
        return None


def _made_from(manifest: Mapping[str, Any]) -> str:
    name = manifest["source"]["name"]
    if not isinstance(name, str):
        raise TypeError("a name is a text")
    return name.encode("ascii", "backslashreplace").decode()
