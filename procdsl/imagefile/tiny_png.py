"""A PNG for `self_check`."""

from __future__ import annotations

import zlib


def tiny_png(bits: int) -> bytes:
    """A PNG of 5 x 7 pixels, of three colours in 8 bits or gray in 16."""
    count = 3 if bits == 8 else 2
    rows = (b"\0" + bytes((y * 37 + i * 101) % 256 for i in range(7 * count)) for y in range(5))
    header = bytes([0, 0, 0, 7, 0, 0, 0, 5, bits, 2 if bits == 8 else 0, 0, 0, 0])
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    chunks = (
        len(part).to_bytes(4) + kind + part + zlib.crc32(kind + part).to_bytes(4)
        for kind, part in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
