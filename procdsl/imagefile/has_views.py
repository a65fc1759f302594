"""Whether further pictures of a JPEG are views like the first."""

from __future__ import annotations

from typing import Literal

from procdsl.imagefile.number_at import number_at


def has_views(index: bytes) -> bool:
    """Whether the index of an MPO names views of one scene: a panorama's, a stereo's, of an angle.

    Its other pictures are previews, gain maps, and whatever has no type, as Pillow writes it.
    """
    order: Literal["big", "little"] = "big" if index.startswith(b"MM") else "little"
    if not index.startswith((b"II*\0", b"MM\0*")):
        return False
    try:
        entry = number_at(index, 4, 4, order) + 2
        for _ in range(number_at(index, entry - 2, 2, order)):
            if number_at(index, entry, 2, order) == 0xB002:
                size, start = (number_at(index, entry + at, 4, order) for at in (4, 8))
                places = range(start, start + size - 15, 16)
                return any(number_at(index, at, 4, order) >> 16 & 255 == 2 for at in places)
            entry += 12
    except ValueError:  # damaged: what is left of it says nothing
        return False
    return False
