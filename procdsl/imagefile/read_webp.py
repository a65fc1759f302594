"""The structure of a WebP."""

from __future__ import annotations

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.number_at import number_at
from procdsl.imagefile.read_orientation import read_orientation


def read_webp(data: bytes) -> ImageFile:
    """A WebP whose chunks are whole and fill the file."""
    last = 8 + number_at(data, 4, 4, "little")
    if last > len(data):
        raise ValueError("the WebP is cut off")
    if last < len(data):
        raise ValueError(f"{len(data) - last} bytes stand behind the end of the WebP")
    canvas: ImageFile | None = None
    file: ImageFile | None = None
    orientation, at = 0, 12
    for _ in range(65536):
        if at == last:
            break
        kind, size = data[at : at + 4], number_at(data, at + 4, 4, "little")
        start, end = at + 8, at + 8 + size
        if end > last:
            raise ValueError("the WebP is cut off")
        if kind == b"VP8X" and at == 12:
            canvas = webp_canvas(data[start:end])
        elif kind in (b"VP8 ", b"VP8L") and file is None:
            file = webp_picture(kind, data[start : start + 10])
        elif kind == b"EXIF" and canvas and not orientation:
            orientation = read_orientation(data[start:end].removeprefix(b"Exif\0\0"))
        at = end + size % 2
    if at != last:
        raise ValueError("the WebP has chunks of no good length, or more than 65536 of them")
    if canvas and canvas.several:
        return canvas._replace(orientation=orientation or 1)
    if file is None:
        raise ValueError("the WebP has no picture")
    if canvas and (canvas.h, canvas.w) != (file.h, file.w):
        raise ValueError(f"a WebP of {canvas.h} x {canvas.w} with a picture of {file.h} x {file.w}")
    alpha = file.alpha or (canvas is not None and canvas.alpha)
    return file._replace(alpha=alpha, orientation=orientation or 1)


def webp_canvas(header: bytes) -> ImageFile:
    """What the chunk says that stands before others: what is animated has only this."""
    flags, w, h = (number_at(header, at, n, "little") for at, n in ((0, 1), (4, 3), (7, 3)))
    alpha, several = bool(flags & 16), bool(flags & 2)
    return ImageFile("webp", h + 1, w + 1, alpha=alpha, several=several)


def webp_picture(kind: bytes, header: bytes) -> ImageFile:
    """What a picture says of itself: with losses (`VP8 `), or without (`VP8L`)."""
    if kind == b"VP8L":
        bits = number_at(header, 1, 4, "little")
        h, w, alpha = (bits >> 14) & 16383, bits & 16383, bool(bits >> 28 & 1)
        if header[0] != 47 or bits >> 29:
            raise ValueError("the WebP has no header of a picture")
        return ImageFile("webp", h + 1, w + 1, alpha=alpha)
    if header[3:6] != b"\x9d\x01\x2a" or header[0] & 1:
        raise ValueError("the WebP has no header of a picture")
    w, h = (number_at(header, at, 2, "little") & 16383 for at in (6, 8))
    return ImageFile("webp", h, w)
