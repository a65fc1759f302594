import numpy as np


def mean_of_tiles(
    x: np.ndarray, axes: list[int], h: int, w: int, rows: list[int], columns: list[int]
) -> np.ndarray:
    """Maps of tiles in one of h x w, where they overlap their mean.

    `axes` are where h and w are, counted from the last one.
    """
    if len(x) != len(rows) * len(columns):
        raise ValueError(f"maps: expected those of {len(rows) * len(columns)} tiles, got {len(x)}")
    tiles = np.moveaxis(x, axes, (1, 2))
    total = np.zeros((h, w, *tiles.shape[3:]), np.float32)
    count = np.zeros((h, w, *(1,) * (tiles.ndim - 3)), np.float32)
    tile = 0
    for top in rows:
        for left in columns:
            place = total[top : top + tiles.shape[1], left : left + tiles.shape[2]]
            place += tiles[tile, : place.shape[0], : place.shape[1]]
            count[top : top + tiles.shape[1], left : left + tiles.shape[2]] += 1
            tile += 1
    total /= count
    return np.moveaxis(total, (0, 1), axes)
