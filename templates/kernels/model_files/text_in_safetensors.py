import json
from typing import Any, BinaryIO


def text_in_safetensors(file: BinaryIO) -> str | None:
    """The manifest in the header of a safetensors file."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key stands twice in its header")
        return found

    size = int.from_bytes(file.read(8), "little")
    if size > 10_000_000:
        raise ValueError(f"its header has {size:,} bytes, more than the 10,000,000 that are read")
    data = file.read(size)
    if data.count(b",") >= 1_000_000:
        raise ValueError("its header has more than the 1,000,000 values that are read")
    header = json.loads(data, object_pairs_hook=once)
    found = header.get("__metadata__", {}).get("procdsl")
    if found is not None and not isinstance(found, str):
        raise ValueError("its manifest is no text")
    return found
