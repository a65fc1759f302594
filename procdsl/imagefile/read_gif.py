"""The structure of a GIF."""

from __future__ import annotations

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.number_at import number_at


def read_gif(data: bytes) -> ImageFile:
    """A GIF whose blocks are whole up to the last one."""
    w, h = (number_at(data, at, 2, "little") for at in (6, 8))
    shared = gif_palette(data, 10)
    at, frames, alpha = 13 + shared, 0, False
    for _ in range(65536):
        kind = number_at(data, at, 1)
        if kind == 0x3B:
            if not frames:
                raise ValueError("the GIF has no picture")
            if at + 1 < len(data):
                raise ValueError(f"{len(data) - at - 1} bytes stand behind the end of the GIF")
            return ImageFile("gif", h, w, alpha=alpha, several=frames > 1)
        if kind == 0x21:
            control = number_at(data, at + 1, 1) == 0xF9
            alpha = alpha or (control and not frames and bool(number_at(data, at + 3, 1) & 1))
            at = gif_blocks_end(data, at + 2)
        elif kind == 0x2C:
            frames += 1
            own = gif_palette(data, at + 9)
            if not shared and not own:
                raise ValueError("the GIF has numbers of a palette, and no palette")
            at = gif_blocks_end(data, at + 11 + own)
        else:
            raise ValueError(f"the GIF has the block {kind:#x}, which there is not")
    raise ValueError("the GIF has more than 65536 blocks")


def gif_palette(data: bytes, at: int) -> int:
    """How many bytes of colours follow a header, by the flags that stand here."""
    flags = number_at(data, at, 1)
    return 3 << (flags & 7) + 1 if flags & 128 else 0


def gif_blocks_end(data: bytes, at: int) -> int:
    """Where a row of blocks ends, each with its length before it, the last one empty."""
    while size := number_at(data, at, 1):
        at += size + 1
    return at + 1
