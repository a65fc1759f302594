"""Where a manifest comes from: a commit, versions of libraries, whatever one wants to add.

Provenance is an object of JSON values. Nothing is computed from it, and no id depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from procdsl.manifest import read, write

KEY = "provenance"


def added(manifest: str, provenance: Mapping[str, object]) -> str:
    """A manifest's text with provenance added; a key that it has already gets the new value.

    `BadManifest` says that a text is no manifest, or that the result would be none; a TypeError or
    ValueError of `json`, that a value is not one of JSON.
    """
    data = read.parse(manifest)
    merged = {**data.pop(KEY, {}), **provenance}
    written = write.text({**data, KEY: merged} if merged else data)
    read.parse(written)
    return written


def of(manifest: str) -> dict[str, object]:
    """The provenance of a manifest, empty where it has none."""
    return dict(read.parse(manifest).get(KEY, {}))


def differ_only_in_it(one: str, other: str) -> bool:
    """Whether two manifests are the same but for provenance; the order of keys says nothing."""
    return _without(one) == _without(other)


def _without(manifest: str) -> str:
    data = read.parse(manifest)
    data.pop(KEY, None)
    return json.dumps(data, sort_keys=True)
