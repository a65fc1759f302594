"""The structure of a PNG."""

from __future__ import annotations

import zlib

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.number_at import number_at
from procdsl.imagefile.read_orientation import read_orientation


def read_png(data: bytes) -> ImageFile:
    """A PNG whose chunks are whole, each with its checksum, up to the last one."""
    file: ImageFile | None = None
    at, palette, pixels, view = 8, False, False, memoryview(data)
    for _ in range(65536):
        size, kind = number_at(data, at, 4), data[at + 4 : at + 8]
        start, end = at + 8, at + 12 + size
        if end > len(data):
            raise ValueError("the PNG is cut off")
        if zlib.crc32(view[at + 4 : end - 4]) != number_at(data, end - 4, 4):
            raise ValueError(f"the PNG is damaged: the checksum of its chunk {kind!r} is wrong")
        if (kind == b"IHDR") != (file is None):
            raise ValueError("expected a PNG with one header, which stands first")
        if file is None:
            file = png_header(data[start : end - 4])
        elif kind == b"PLTE":
            palette = size > 0
        elif kind == b"tRNS":
            file = file._replace(alpha=True)
        elif kind == b"acTL":
            file = file._replace(several=True)
        elif kind == b"eXIf":
            file = file._replace(orientation=read_orientation(data[start : end - 4]))
        elif kind == b"IDAT":
            if number_at(data, 25, 1) == 3 and not palette:
                raise ValueError("the PNG has numbers of a palette, and no palette before them")
            pixels = True
        elif kind == b"IEND":
            if not pixels:
                raise ValueError("the PNG has no pixels")
            if end < len(data):
                raise ValueError(f"{len(data) - end} bytes stand behind the end of the PNG")
            return file
        at = end
    raise ValueError("the PNG has more than 65536 chunks")


def png_header(header: bytes) -> ImageFile:
    """What the first chunk says."""
    w, h = number_at(header, 0, 4), number_at(header, 4, 4)
    bits, colour = number_at(header, 8, 1), number_at(header, 9, 1)
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    plain = header[10:] in (b"\0\0\0", b"\0\0\1")
    if not plain or bits not in depths.get(colour, ()):
        raise ValueError(f"no PNG has the header {header[:16].hex(' ')}")
    return ImageFile("png", h, w, max(bits, 8), gray=colour in (0, 4), alpha=colour in (4, 6))
