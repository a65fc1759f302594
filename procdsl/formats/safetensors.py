"""safetensors: the manifest is the entry `procdsl` of `__metadata__` in the file's header.

The header is written anew, padded so that the tensors stay at a multiple of 8 bytes.
"""

from __future__ import annotations

import json
from typing import Any

from procdsl.modelfile import strict_json
from procdsl.modelfile.data import BadModelFile, Data, Span
from procdsl.modelfile.format import KEY, Files, Format, Model, decoded

_TEXT = frozenset(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0D}
_METADATA = "__metadata__"


class Safetensors(Format):
    title = "safetensors"
    unstated = "a safetensors file holds tensors alone"

    def recognises(self, model: Model) -> bool:
        if model.is_folder:
            return False
        head = model.data.head(9)
        return len(head) == 9 and head[8:] == b"{" and not set(head[:8]) <= _TEXT

    def text(self, model: Model) -> str | None:
        found = _header(model.data)[0].get(_METADATA, {}).get(KEY)
        return None if found is None else decoded(found.encode(errors="surrogatepass"))

    def embedded(self, model: Model, text: str) -> Files:
        header, end = _header(model.data)
        metadata = {**header.get(_METADATA, {}), KEY: text}
        written = json.dumps({_METADATA: metadata, **_tensors(header)}, separators=(",", ":"))
        data = written.encode() + b" " * (-len(written) % 8)
        if len(data) > strict_json.MOST:
            raise BadModelFile(f"its header would have {len(data):,} bytes: too many to be read")
        return {"": [len(data).to_bytes(8, "little"), data, Span(end, model.data.size)]}


def _header(data: Data) -> tuple[dict[str, Any], int]:
    """The header, and where the tensors begin."""
    size = int.from_bytes(data.read(0, 8), "little")
    if size > strict_json.MOST:
        raise BadModelFile(
            f"its header has {size:,} bytes, more than the {strict_json.MOST:,} that are read"
        )
    header = strict_json.parse(data.read(8, size), "its header")
    metadata = header.get(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise BadModelFile(f"its `{_METADATA}` is no table of texts")
    _check_places(_tensors(header), data.size - 8 - size)
    return header, 8 + size


def _tensors(header: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in header.items() if name != _METADATA}


def _check_places(tensors: dict[str, Any], size: int) -> None:
    """Refuse tensors that overlap, leave a gap, or end elsewhere than the file."""
    position = 0
    for start, end, name in sorted(_place(name, entry) for name, entry in tensors.items()):
        if start != position or end < start:
            raise BadModelFile(
                f"its tensor {json.dumps(name[:60])} has the bytes {start:,} to {end:,}, and those "
                f"before it end at {position:,}"
            )
        position = end
    if position != size:
        raise BadModelFile(
            f"its tensors have {position:,} bytes, and the file has {size:,} for them"
        )


def _place(name: str, entry: Any) -> tuple[int, int, str]:
    """Where a tensor begins and ends."""
    place: Any = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not isinstance(place, list) or [type(n) for n in place] != [int, int]:
        raise BadModelFile(f"its tensor {json.dumps(name[:60])} has no place")
    return place[0], place[1], name


FORMAT = Safetensors()
