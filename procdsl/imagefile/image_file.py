"""What is known of an image file before it is decoded."""

from __future__ import annotations

from typing import NamedTuple


class ImageFile(NamedTuple):
    """What an image file says of itself.

    `h` and `w` are the sides of the pixels as they are stored, `orientation` is how EXIF says that
    they are to be turned (1: as they are), `bits` those of one number, `several` whether the file
    has more frames than one, `further` how many pictures that are none stand behind this one.
    """

    format: str
    h: int
    w: int
    bits: int = 8
    gray: bool = False
    alpha: bool = False
    several: bool = False
    orientation: int = 1
    further: int = 0
