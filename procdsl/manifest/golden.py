"""The golden record of a manifest: whether it is true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdsl.ir.pipeline import Pipeline
from procdsl.reference.golden_record import golden_record


def differences(record: Mapping[str, Any], pipeline: Pipeline) -> list[str]:
    """Run the reference again: where a record is not what it computes.

    Digests and texts must be equal, bounded values within their bound.
    """
    computed = golden_record(pipeline).plain()
    if record.keys() != computed.keys() or record["size"] != computed["size"]:
        return ["self_check has another form than the reference gives"]
    found = []
    for block in computed.keys() - {"size"}:
        stated, wanted = record[block], computed[block]
        for name in stated.keys() | wanted.keys():
            if name not in stated or name not in wanted or _apart(stated[name], wanted[name]):
                found.append(f"self_check/{block}/{name} is not what the reference computes")
    return sorted(found)


def _apart(stated: Mapping[str, Any], computed: Mapping[str, Any]) -> bool:
    if "bound" not in computed or "bound" not in stated:
        return stated != computed
    if stated["shape"] != computed["shape"] or len(stated["values"]) != len(computed["values"]):
        return True
    pairs = zip(stated["values"], computed["values"], strict=True)
    return not all(abs(a - b) <= computed["bound"] for a, b in pairs)
