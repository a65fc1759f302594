"""What procdsl has written: known by what is in a file, not by its name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from procdsl import seal
from procdsl.records import dataclass
from procdsl.version import VERSION
from procdsl.workspace import reading
from procdsl.workspace.errors import Misuse

MAKER = b"\x07procdsl"
"""What stands in the first bytes of a graph: its producer, behind how long the name is."""


@dataclass(frozen=True)
class Written:
    """A file of a pipeline, as it says itself."""

    made_from: str
    """The source; empty of what serves all pipelines."""
    baked: bool
    """Whether it is of what stays on the host of a baked file."""
    manifest: str
    """The fingerprint of the manifest that it is, or was written with."""
    changed: bool
    """Whether it was changed since, as far as its text tells."""


def refuse_special(path: Path) -> None:
    """Refuse to write where no file can be: over a folder, a FIFO, a socket, a device."""
    try:
        kind = reading.special(path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise Misuse(f"{path} cannot be written: {error.strerror}") from None
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
    if head is None:
        return None
    return Written(head.made_from, head.baked, head.manifest, not head.whole)


def changed(path: Path) -> bool:
    """Whether a file of procdsl's was changed since; a manifest is held against its source."""
    data = path.read_bytes()
    found = of_data(data)
    if found is None or found.changed or data.lstrip()[:1] != b"{":
        return found is None or found.changed
    from procdsl.manifest import read

    manifest = read.parse(data.decode())
    if manifest["procdsl"] != VERSION:
        return False  # another one may see other things in its source
    try:
        read.pipeline_of(manifest)
    except ValueError:
        return True
    return False


def _of_manifest(text: str) -> Written | None:
    from procdsl.manifest import read

    try:
        return _said(read.parse(text))
    except (KeyError, TypeError, ValueError):
        return None


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
        return _said(json.loads(text), not seal.whole_graph(data)) if text else None
    except (BadModelFile, KeyError, TypeError, ValueError):
        return None


def _said(manifest: Mapping[str, Any], changed: bool = False) -> Written:
    name = manifest["source"]["name"]
    if not isinstance(name, str):
        raise TypeError("a name is a text")
    return Written(seal.named(name), "plan" in manifest, seal.fingerprint(manifest), changed)
