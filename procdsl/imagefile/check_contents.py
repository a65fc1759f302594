"""What of an image file a pipeline does not take."""

from __future__ import annotations

from procdsl.imagefile.image_file import ImageFile


def check_contents(
    name: str, file: ImageFile, alpha: str | None, depth: str | None, frames: str
) -> None:
    """Refuse what `alpha`, `depth` and `frames` of the step `decode` say is not to be there."""
    if alpha == "refuse" and file.alpha:
        raise ValueError(f"{name}: the {file.format} may be transparent, which alpha=refuse is for")
    if depth == "refuse" and file.bits > 8:
        raise ValueError(f"{name}: the {file.format} has 16 bits, which depth=refuse is for")
    if depth == "u16" and file.bits != 16:
        raise ValueError(f"{name}: expected 16 bits (depth=u16), got a {file.format} of 8")
    if frames == "refuse" and file.several:
        raise ValueError(f"{name}: the {file.format} has several frames (frames=refuse)")
