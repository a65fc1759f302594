"""An image file of one of the formats that are allowed."""

from __future__ import annotations

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.read_bmp import read_bmp
from procdsl.imagefile.read_gif import read_gif
from procdsl.imagefile.read_jpeg import read_jpeg
from procdsl.imagefile.read_png import read_png
from procdsl.imagefile.read_tiff import read_tiff
from procdsl.imagefile.read_webp import read_webp


def read_image_file(
    name: str,
    data: bytes,
    formats: str,
    jpeg: bool = False,
    png: bool = False,
    webp: bool = False,
    bmp: bool = False,
    gif: bool = False,
    tiff: bool = False,
) -> ImageFile:
    """What a file says of itself; refuse what is no whole file of these formats, or too large."""
    if not isinstance(data, bytes):
        raise TypeError(f"{name}: expected bytes, what is in a file, got {type(data).__name__}")
    try:
        if jpeg and data.startswith(b"\xff\xd8"):
            return within_limits(read_jpeg(data))
        if png and data.startswith(b"\x89PNG\r\n\x1a\n"):
            return within_limits(read_png(data))
        if webp and data.startswith(b"RIFF") and data.startswith(b"WEBP", 8):
            return within_limits(read_webp(data))
        if bmp and data.startswith(b"BM"):
            return within_limits(read_bmp(data))
        if gif and data.startswith((b"GIF87a", b"GIF89a")):
            return within_limits(read_gif(data))
        if tiff and data.startswith((b"II*\0", b"MM\0*")):
            return within_limits(read_tiff(data))
        begin = f"that begins with {data[:8]!r}" if data else "without content"
        raise ValueError(f"expected a file of {formats}, got one {begin}")
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def within_limits(file: ImageFile) -> ImageFile:
    """The file, where a side has 1 to 16384 pixels and all are as many as Pillow takes unwarned."""
    if not (0 < file.h <= 16384 and 0 < file.w <= 16384 and file.h * file.w <= 89478485):
        raise ValueError(
            "expected a picture of 1 to 16384 pixels a side and 89478485 in all, "
            f"got {file.h} x {file.w}"
        )
    return file
