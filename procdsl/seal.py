"""What the head of a generated module states of it: a hash of its text, and of its manifest.

The hash is over the text with 64 zeros in its place, and with lines that end in \\n: a checkout may
end them otherwise. A module looks by itself, in `templates/kernels/checks/check_unchanged.py`. A
graph has the hash of its bytes among its metadata.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from procdsl.records import dataclass

UNSEALED = f"text      sha256 {'0' * 64}"
"""The last line of a head, before the text is known."""
_SEAL = re.compile(r'\ntext      sha256 ([0-9a-f]{64})\n"""\n')
_MADE = re.compile(r"^    procdsl (compile|bake) (.*?)(?: --?[Dt].*)?$", re.MULTILINE)
GRAPH_KEY = "procdsl.sha256"
"""The entry of a graph's metadata that holds its hash; 64 zeros before that is known."""
_GRAPH_SEAL = re.compile(re.escape(GRAPH_KEY.encode()) + rb"\x12\x40([0-9a-f]{64})")
_MANIFEST = re.compile(r"^manifest  sha256 ([0-9a-f]{64})$", re.MULTILINE)


@dataclass(frozen=True)
class Head:
    """What the head of a module says."""

    made_from: str
    """The source; empty of what serves all pipelines."""
    baked: bool
    """Whether it is what stays on the host of a baked file."""
    manifest: str
    """The fingerprint of the manifest that it was written with; empty where it has none."""
    whole: bool
    """Whether the text is still as it was written."""


def sealed(text: str) -> str:
    """A module's text with the hash of it in its head."""
    found = _SEAL.search(text)
    assert found is not None, "a head ends in the line for it"
    return f"{text[: found.start(1)]}{_digest(text)}{text[found.end(1) :]}"


def head(text: str) -> Head | None:
    """The head of a module; None of a text that procdsl did not write."""
    text = text.replace("\r\n", "\n")
    found = _SEAL.search(text)
    if found is None:
        return None
    said = text[: found.start()]
    unsealed = f"{text[: found.start(1)]}{'0' * 64}{text[found.end(1) :]}"
    made, manifest = _MADE.findall(said), _MANIFEST.findall(said)
    # the last of each: what the user's own documentation says stands before
    command, source = made[-1] if made else ("", "")
    fingerprint = manifest[-1] if manifest else ""
    source = source.replace("\\\\", "\\")  # as it stands in the docstring
    return Head(source, command == "bake", fingerprint, _digest(unsealed) == found[1])


def named(source: str) -> str:
    """The name of a source as a head tells it: ASCII, on one line."""
    return "".join(c if " " <= c <= "~" else ascii(c)[1:-1] for c in source)


def sealed_graph(data: bytes) -> bytes:
    """A graph of ONNX with the hash of its bytes in its metadata."""
    found = list(_GRAPH_SEAL.finditer(data))
    assert found, "a graph has an entry for it"
    last = found[-1]  # what a manifest quotes stands before
    return data[: last.start(1)] + _graph_digest(data, last) + data[last.end(1) :]


def whole_graph(data: bytes) -> bool:
    """Whether a graph of ONNX is still as it was written."""
    found = list(_GRAPH_SEAL.finditer(data))
    return bool(found) and _graph_digest(data, found[-1]) == found[-1][1]


def _graph_digest(data: bytes, seal: re.Match[bytes]) -> bytes:
    unsealed = data[: seal.start(1)] + b"0" * 64 + data[seal.end(1) :]
    return hashlib.sha256(unsealed).hexdigest().encode()


def fingerprint(manifest: Mapping[str, Any]) -> str:
    """The hash of a manifest by which modules know theirs; provenance is not of it."""
    told = {key: value for key, value in manifest.items() if key != "provenance"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
