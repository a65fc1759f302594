"""JSON in model files: one meaning for each text, and bounded."""

from __future__ import annotations

import json
from typing import Any

from procdsl.modelfile.data import BadModelFile

MOST = 10_000_000
"""How many bytes of JSON are read: a header of a hundred thousand tensors."""

_VALUES = 1_000_000


def parse(data: bytes, what: str) -> dict[str, Any]:
    """The object that JSON holds; `what` is how messages speak of it."""
    if len(data) > MOST:
        raise BadModelFile(f"{what} has {len(data):,} bytes, more than the {MOST:,} that are read")
    if data.count(b",") >= _VALUES:
        raise BadModelFile(f"{what} has more than the {_VALUES:,} values that are read")
    try:
        found = json.loads(data.decode(), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise BadModelFile(f"{what} is not JSON that can be read: {str(error)[:200]}") from None
    if not isinstance(found, dict):
        raise BadModelFile(f"{what} is no JSON object")
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"the key {json.dumps(name[:60])} stands twice in one object")
            seen.add(name)
    return found
