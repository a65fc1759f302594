"""The structure of a TIFF."""

from __future__ import annotations

from typing import Literal

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.number_at import number_at


def read_tiff(data: bytes) -> ImageFile:
    """A TIFF of whole numbers whose strips or tiles lie in the file."""
    order: Literal["big", "little"] = "big" if data.startswith(b"MM") else "little"
    first = number_at(data, 4, 4, order)
    entries = number_at(data, first, 2, order)
    tags: dict[int, list[int]] = {}
    palette = False
    for entry in range(first + 2, first + 2 + 12 * entries, 12):
        tag, kind = number_at(data, entry, 2, order), number_at(data, entry + 2, 2, order)
        palette = palette or tag == 320
        if tag not in tags and tag in (256, 257, 258, 262, 273, 274, 279, 324, 325, 339):
            count, width = number_at(data, entry + 4, 4, order), {3: 2, 4: 4}.get(kind, 0)
            at = entry + 8 if width * count <= 4 else number_at(data, entry + 8, 4, order)
            if not width or not 0 < count <= 65536:
                raise ValueError(f"the TIFF has {count} numbers of type {kind} as its tag {tag}")
            places = range(at, at + width * count, width)
            tags[tag] = [number_at(data, place, width, order) for place in places]
    w, h, bits = (tags.get(tag, [n]) for tag, n in ((256, 0), (257, 0), (258, 1)))
    photometric, orientation, sample = (tags.get(tag, [1])[0] for tag in (262, 274, 339))
    fits = photometric in (0, 1, 2, 3) and orientation == 1 and sample == 1
    if not fits or set(bits) not in ({1}, {8}, {16}) or len(bits) > 4:
        raise ValueError(
            "expected a TIFF of gray, RGB or a palette, of whole numbers of 1, 8 or 16 bits, that "
            f"is not turned, got photometric {photometric}, bits {bits[:4]}, sample format "
            f"{sample} and orientation {orientation}"
        )
    if photometric == 3 and not palette:
        raise ValueError("the TIFF has numbers of a palette, and no palette")
    starts = tags.get(273, tags.get(324, []))
    sizes = tags.get(279, tags.get(325, []))
    ends = [start + size for start, size in zip(starts, sizes, strict=False)]
    if not ends or len(starts) != len(sizes) or max(ends) > len(data):
        raise ValueError("the TIFF is cut off")
    several = number_at(data, first + 2 + 12 * entries, 4, order) > 0
    gray, alpha = photometric in (0, 1), len(bits) in (2, 4)
    return ImageFile("tiff", h[0], w[0], max(*bits, 8), gray, alpha, several)
