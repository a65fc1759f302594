"""Where a manifest comes from: a commit, versions, whatever one wants to add.

Provenance is an object of JSON values. Nothing is computed from it, and no id depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from procdsl.manifest import read, write

KEY = "provenance"


def added(manifest: str, provenance: Mapping[str, object]) -> str:
    """A manifest's text with provenance added; a key that it has already gets the new value."""
    data = read.parse(manifest)
    merged = {**data.pop(KEY, {}), **provenance}
    written = write.text({**data, KEY: merged} if merged else data)
    read.parse(written)
    return written
