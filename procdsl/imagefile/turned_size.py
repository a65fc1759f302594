"""The size of a picture as it is to be seen."""

from __future__ import annotations

from procdsl.imagefile.image_file import ImageFile


def turned_size(file: ImageFile, turn: bool) -> tuple[int, int]:
    """The height and width of a picture, turned as its file says or as it is stored."""
    if turn and file.orientation > 4:
        return file.w, file.h
    return file.h, file.w
