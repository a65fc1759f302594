"""The sizes of pictures in 4:2:0 buffers: h rows of luma, under them h / 2 rows of chroma."""

from __future__ import annotations

from procdsl.types.axis import Axis


def picture_size(rows: int, w: int) -> tuple[int, int]:
    """The height and width of the picture in a 4:2:0 frame; ValueError where it holds none."""
    if rows % 3 or w % 2:
        raise ValueError(
            f"no 4:2:0 frame has {rows} rows and the width {w}: "
            "rows must be a multiple of 3 (3 for 2 of the picture), the width even"
        )
    return rows // 3 * 2, w


def frame_rows(h: int, w: int) -> int:
    """The rows of a 4:2:0 frame of an h x w picture; ValueError where a side is odd."""
    if h % 2 or w % 2:
        raise ValueError(f"a picture of {h} x {w} makes no 4:2:0 frame: both must be even")
    return h // 2 * 3


def picture_axis(rows: Axis) -> Axis:
    """The axis h of the picture in a 4:2:0 frame of so many rows."""
    return Axis.of("h", rows.size // 3 * 2) if rows.size else Axis("h", 2)


def rows_axis(h: Axis) -> Axis:
    """The axis of the rows of a 4:2:0 frame of a picture so high."""
    return Axis.of("rows", h.size // 2 * 3) if h.size else Axis("rows", 3)
