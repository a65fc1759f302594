"""How EXIF says that a picture is to be turned."""

from __future__ import annotations

from typing import Literal

from procdsl.imagefile.number_at import number_at


def read_orientation(exif: bytes) -> int:
    """The orientation in a block of EXIF, 1 to 8; 1 where it has none that can be read."""
    order: Literal["big", "little"] = "big" if exif.startswith(b"MM") else "little"
    if not exif.startswith((b"II*\0", b"MM\0*")):
        return 1
    try:
        entry = number_at(exif, 4, 4, order) + 2
        for _ in range(number_at(exif, entry - 2, 2, order)):
            kind = number_at(exif, entry + 2, 2, order)
            if number_at(exif, entry, 2, order) == 0x0112 and kind in (3, 4):
                found = number_at(exif, entry + 8, 2 if kind == 3 else 4, order)
                return found if 1 <= found <= 8 else 1
            entry += 12
    except ValueError:  # damaged: what is left of it says nothing
        return 1
    return 1
