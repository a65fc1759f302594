import numpy as np

from kernels.tiles.tile_starts import tile_starts


def tiles(
    name: str,
    x: np.ndarray,
    h: int,
    w: int,
    overlap_h: int,
    overlap_w: int,
    shifted: bool,
    axes: list[int],
    fill: np.ndarray | np.generic | None,
) -> np.ndarray:
    """The tiles of an image, row by row, along a new first axis; `axes` are those of h and w."""
    sides = np.moveaxis(x, axes, (0, 1))
    if fill is None and (sides.shape[0] < h or sides.shape[1] < w):
        raise ValueError(
            f"{name}: an image of {sides.shape[0]} x {sides.shape[1]} is too small "
            f"for tiles of {h} x {w}"
        )
    rows = tile_starts(sides.shape[0], h, overlap_h, shifted)
    columns = tile_starts(sides.shape[1], w, overlap_w, shifted)
    if len(rows) * len(columns) > 65536:
        raise ValueError(
            f"{name}: an image of {sides.shape[0]} x {sides.shape[1]} is too large: "
            "more than 65536 tiles"
        )
    shape = list(x.shape)
    shape[axes[0]], shape[axes[1]] = h, w
    found = np.empty((len(rows) * len(columns), *shape), x.dtype)
    tile = 0
    for top in rows:
        for left in columns:
            part = sides[top : top + h, left : left + w]
            place = np.moveaxis(found[tile], axes, (0, 1))
            if fill is not None and part.shape[:2] != (h, w):
                place[...] = fill
            place[: part.shape[0], : part.shape[1]] = part
            tile += 1
    return found
