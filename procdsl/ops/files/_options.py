"""What `decode` says of its options: which formats have what, and what each word does."""

from __future__ import annotations

from procdsl.diagnostics.suggest import choices
from procdsl.records import dataclass

FORMATS = ("jpeg", "png", "webp", "bmp", "gif", "tiff")

MAY_HAVE = {
    "exif": {"jpeg", "png", "webp"},
    "alpha": {"png", "webp", "bmp", "gif", "tiff"},
    "depth": {"png", "tiff"},
}
"""For each option the formats that may have what it is about."""


@dataclass(frozen=True)
class Words:
    """Of an option: what it is about, what is wanted, and what helps where it is missing."""

    what: str
    wanted: str
    missing: str


WORDS = {
    "exif": Words(
        "an EXIF orientation",
        "`exif=apply` or `exif=ignore`",
        choices(
            "say how training read the files",
            "`exif=apply`: turned, as cv2.imread gives them",
            "`exif=ignore`: as they are stored, as Pillow's Image.open gives them",
        ),
    ),
    "alpha": Words(
        "transparency",
        "`alpha=drop` or `alpha=refuse`, or `rgba` with its alpha",
        choices(
            "say what is done with files that have it",
            "`alpha=drop`: the colours as they are stored",
            "`alpha=refuse`: an error",
            "`decode(rgba, ...)`, and `convert(rgb, alpha=over, fill=255)` behind it: what is seen "
            "on a white ground",
        ),
    ),
    "depth": Words(
        "16 bits",
        "`depth=u8`, `depth=u16` or `depth=refuse`",
        choices(
            "say what is done with files of 16 bits",
            "`depth=u8`: the high byte of each number",
            "`depth=u16`: files of 16 bits alone, all of it",
            "`depth=refuse`: an error",
        ),
    ),
}
