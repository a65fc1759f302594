"""The structure of a BMP."""

from __future__ import annotations

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.number_at import number_at


def read_bmp(data: bytes) -> ImageFile:
    """A BMP whose pixels are not compressed, all of them there."""
    start, size = (number_at(data, at, 4, "little") for at in (10, 14))
    if size < 40 or size > 124:
        raise ValueError(f"expected a BMP with a header of 40 to 124 bytes, got {size}")
    w, h = (number_at(data, at, 4, "little") for at in (18, 22))
    h = 2**32 - h if h >= 2**31 else h  # negative where the first row is on top
    bits, packing = number_at(data, 28, 2, "little"), number_at(data, 30, 4, "little")
    plain = packing == 0 and bits in (1, 4, 8, 24, 32)
    if not plain and not (packing == 3 and bits == 32):
        raise ValueError(
            "expected a BMP of 1, 4, 8, 24 or 32 bits a pixel, not compressed, got "
            f"{bits} bits with compression {packing}"
        )
    end = start + (w * bits + 31) // 32 * 4 * h
    if end > len(data) or start < 14 + size:
        raise ValueError("the BMP is cut off")
    if len(data) > max(end, number_at(data, 2, 4, "little")) + 2:  # some writers round it up
        raise ValueError(f"{len(data) - end} bytes stand behind the end of the BMP")
    if bits <= 8 and start < 18 + size:
        raise ValueError("the BMP has numbers of a palette, and no palette before them")
    alpha = packing == 3 and size >= 56 and number_at(data, 66, 4, "little") > 0
    return ImageFile("bmp", h, w, alpha=alpha)
