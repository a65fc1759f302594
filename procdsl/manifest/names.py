"""What the sources in a manifest may be called: they are written to files by these names."""

from __future__ import annotations

import re

_PART = re.compile(r"\.\.?|[^./\\:][^/\\:]*")
_MOST = 255


def fits(path: str) -> bool:
    """Whether a path, from the folder of the source that uses it, names a file, and none that a
    shell or a tool reads by itself."""
    parts = path.split("/")
    written = all(map(_PART.fullmatch, parts)) and parts[-1] not in (".", "..")
    return written and path.isprintable() and len(path) <= _MOST
