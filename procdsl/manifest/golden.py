"""The golden record of a manifest: whether it has the form of one, and whether it is true."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from procdsl.ir.pipeline import Pipeline
from procdsl.manifest.errors import BadManifest
from procdsl.manifest.strict_json import shown
from procdsl.reference import probe
from procdsl.reference.golden_record import VALUES, golden_record
from procdsl.reference.recorded import Recorded, recorded
from procdsl.types.array import Array

DIGEST = re.compile(r"[0-9a-f]{64}")
_GROWTH = 1e-6
"""By how much a bound may differ that is computed again: it grows with bounded numbers."""


def check_form(record: object, pipeline: Pipeline) -> None:
    """`BadManifest` where it is not the record of such a pipeline. Nothing is run."""
    record = _with_size(record, pipeline)
    if not (_is_shape(record["size"]) and tuple(record["size"]) in probe.SIZES):
        raise BadManifest(f"at self_check/size: {shown(record['size'])}, no size of a probe")
    try:
        probe.check_size(pipeline, tuple(record["size"]))
    except ValueError as error:
        size = shown(record["size"])
        raise BadManifest(
            f"at self_check/size: {size}, which does not pass `pre`: {error}"
        ) from None
    blocks = _recorded(pipeline, tuple(record["size"]))
    _with_keys(record, ["size", *blocks], "self_check")
    for block, parts in blocks.items():
        place = f"self_check/{block}"
        entries = _with_keys(record[block], [part.name for part in parts], place)
        for part in parts:
            wanted = _unlike(entries[part.name], part)
            if wanted:
                raise BadManifest(f"at {place}/{part.name}: {wanted} was expected")


def differences(record: Mapping[str, Any], pipeline: Pipeline) -> list[str]:
    """Run the reference again: where a record, of the right form, is not what it computes.

    Digests and texts must be equal, bounded values within their bound.
    """
    computed = golden_record(pipeline).plain()
    if list(record["size"]) != computed["size"]:
        return [f"self_check/size: {record['size']}, and the reference takes {computed['size']}"]
    return [
        f"self_check/{block}/{name}: {said}"
        for block in _recorded(pipeline, tuple(record["size"]))
        for name, entry in computed[block].items()
        for said in _apart(record[block][name], entry)
    ]


def _with_size(record: object, pipeline: Pipeline) -> Mapping[str, Any]:
    if not isinstance(record, dict) or "size" not in record:
        return _with_keys(record, ["size", *recorded(pipeline)], "self_check")
    return record


def _recorded(pipeline: Pipeline, size: probe.Size) -> dict[str, list[Recorded]]:
    """What the record has of a picture of this size."""
    halves = probe.recorded(pipeline, size)
    found = recorded(pipeline)
    return {block: found[block] for block in found if block == "decode" or block in halves}


def _with_keys(found: object, wanted: Sequence[str], place: str) -> Mapping[str, Any]:
    if not isinstance(found, dict) or found.keys() != set(wanted):
        has = ", ".join(map(shown, list(found)[:8])) if isinstance(found, dict) else shown(found)
        raise BadManifest(f"at {place}: {has or 'nothing'}, where {', '.join(wanted)} stand")
    return found


def _unlike(entry: object, part: Recorded) -> str:
    """What is wanted in the place of an entry; nothing where it may be that of the result."""
    found = entry if isinstance(entry, dict) else {}
    if part.type.dtype == "text":
        fits = found.keys() == {"text"} and _is_text(found["text"], part.type)
        return "" if fits else "its `text`"
    if not part.tolerance:
        digest = found.get("sha256", "")
        alone = found.keys() == {"sha256"} and isinstance(digest, str)
        return "" if alone and DIGEST.fullmatch(digest) else "its `sha256`"
    if found.keys() != {"bound", "shape", "values"}:
        return "its `bound`, `shape` and `values`"
    if not _is_bound(found["bound"], part):
        return f"a `bound` of {part.tolerance:g}{' or more' if part.grows else ''}"
    if not (_is_shape(found["shape"]) and _has_shape(found["shape"], part.type)):
        return f"the `shape` of {part.type}"
    count = min(VALUES, math.prod(found["shape"]))
    values = found["values"]
    fits = (
        isinstance(values, list)
        and len(values) == count
        and all(value is None or type(value) is float for value in values)
    )
    return "" if fits else f"{count} `values`"


def _is_text(found: object, type_: Array) -> bool:
    if not type_.axes:
        return isinstance(found, str)
    return isinstance(found, list) and all(isinstance(text, str) for text in found)


def _is_bound(found: object, part: Recorded) -> bool:
    if isinstance(found, bool) or not isinstance(found, int | float):
        return False
    return found >= part.tolerance if part.grows else repr(found) == repr(part.tolerance)


def _is_shape(found: object) -> bool:
    return isinstance(found, list) and all(type(size) is int and size >= 0 for size in found)


def _has_shape(shape: Sequence[int], type_: Array) -> bool:
    sizes = [axis.size for axis in type_.axes]
    if len(shape) != len(sizes):
        return False
    return all(size in (None, n) for size, n in zip(sizes, shape, strict=True))


def _apart(stated: Mapping[str, Any], computed: Mapping[str, Any]) -> Iterator[str]:
    """How a stated entry differs from the computed one."""
    if "bound" not in computed:
        ((kind, wanted),) = computed.items()
        if stated[kind] != wanted:
            yield f"{shown(stated[kind])}, and the reference computes {shown(wanted)}"
        return
    if not math.isclose(stated["bound"], computed["bound"], rel_tol=_GROWTH):
        yield f"a bound of {stated['bound']:g}, and the reference's is {computed['bound']:g}"
    if stated["shape"] != computed["shape"]:
        yield f"the shape {stated['shape']}, and the reference gives {computed['shape']}"
        return
    pairs = list(zip(stated["values"], computed["values"], strict=True))
    if any((a is None) != (b is None) for a, b in pairs):
        yield "other values are no numbers than the reference computes"
        return
    apart = max((abs(a - b) for a, b in pairs if a is not None), default=0.0)
    if not apart <= computed["bound"]:
        yield f"values {apart:.3g} off, where the bound is {computed['bound']:.3g}"
