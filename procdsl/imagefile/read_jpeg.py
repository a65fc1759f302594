"""The structure of a JPEG."""

from __future__ import annotations

import re

from procdsl.imagefile.has_views import has_views
from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.number_at import number_at
from procdsl.imagefile.read_orientation import read_orientation


def read_jpeg(data: bytes) -> ImageFile:
    """A JPEG of 8 bits, baseline or progressive, whole up to the end of its picture.

    Behind that only zeros and further JPEGs may stand, as cameras append previews and gain maps.
    They are frames where the first one's index says that they are views of the scene.
    """
    file, end = jpeg_picture(data, 0)
    end, further = zeros_end(data, end), 0
    while further < 100 and data.startswith(b"\xff\xd8", end):
        _, end = jpeg_picture(data, end)
        end, further = zeros_end(data, end), further + 1
    if end < len(data):
        raise ValueError(f"{len(data) - end} bytes stand behind the end of the JPEG")
    if file.several and further:
        return file
    return file._replace(several=False, further=further)


def zeros_end(data: bytes, at: int) -> int:
    """Where the zeros end that stand here, if any do."""
    zeros = re.compile(rb"\0*").match(data, at)
    return zeros.end() if zeros else at


def jpeg_picture(data: bytes, start: int) -> tuple[ImageFile, int]:
    """One picture that begins here, and where it ends: its segments and scans, up to the end.

    It is of `several` where its index says so, be the others there or not.
    """
    file: ImageFile | None = None
    orientation, views, scans, at = 0, False, 0, start + 2
    for _ in range(4096):
        filled = re.compile(rb"\xff+").match(data, at)
        if filled is None:
            raise ValueError("the JPEG is cut off, or damaged: a marker was expected")
        at = filled.end()
        code = number_at(data, at, 1)
        if code == 0xD9:
            if file is None or not scans:
                raise ValueError("the JPEG has no picture")
            return file._replace(orientation=orientation or 1, several=views), at + 1
        size = number_at(data, at + 1, 2)
        if size < 2 or code < 0xC0 or 0xD0 <= code <= 0xD8:
            raise ValueError(f"the JPEG has the marker {code:#x} where a segment was expected")
        at, end = at + 3, at + 1 + size
        if end > len(data):
            raise ValueError("the JPEG is cut off")
        if code == 0xE1 and not orientation and data.startswith(b"Exif\0\0", at):
            orientation = read_orientation(data[at + 6 : end])
        elif code == 0xE2 and data.startswith(b"MPF\0", at):
            views = views or has_views(data[at + 4 : end])
        elif 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            if file is not None:
                raise ValueError("the JPEG has two headers of one picture")
            file = jpeg_header(data[at:end], code)
        elif code == 0xDA:
            scans += 1
            # In coded data 255 stands before 0, or before the number of a restart.
            marker = re.compile(rb"\xff[^\0\xd0-\xd7\xff]").search(data, end)
            if file is None or marker is None:
                raise ValueError("the JPEG is cut off" if file else "the JPEG has no header")
            if scans > 100:
                raise ValueError("the JPEG has more than 100 scans")
            end = marker.start()
        at = end
    raise ValueError("the JPEG has more than 4096 segments")


def jpeg_header(header: bytes, code: int) -> ImageFile:
    """What the segment says that holds the sides."""
    bits, parts = number_at(header, 0, 1), number_at(header, 5, 1)
    if code not in (0xC0, 0xC1, 0xC2) or bits != 8 or parts not in (1, 3, 4):
        raise ValueError(
            "expected a JPEG of 8 bits, baseline or progressive, gray, of three colours or CMYK, "
            f"got the process {code - 0xC0} with {bits} bits and {parts} components"
        )
    return ImageFile("jpeg", number_at(header, 1, 2), number_at(header, 3, 2), gray=parts == 1)
