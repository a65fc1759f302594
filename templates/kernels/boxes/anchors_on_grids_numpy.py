import numpy as np


def anchors_on_grids(
    x: np.ndarray,
    cells: np.ndarray,
    levels: tuple[tuple[int, ...], ...],
    offset: float,
    corners: bool,
    tiles: bool,
) -> np.ndarray:
    """The cells f32[m, 4] of each level at each of its places, f32[n, 4]; of tiles for each of `x`.

    A level is its rows, its columns, how far apart these are, and how many cells are its.
    """
    found, first = [], 0
    for rows, columns, step_y, step_x, count in levels:
        y, x_places = np.mgrid[:rows, :columns].astype(np.float32) + np.float32(offset)
        place = np.stack([x_places * np.float32(step_x), y * np.float32(step_y)], axis=-1)
        again = place if corners else np.zeros_like(place)
        places = np.concatenate([place, again], axis=-1).reshape(-1, 1, 4)
        found.append((places + cells[first : first + count]).reshape(-1, 4))
        first += count
    anchors = np.concatenate(found)
    if tiles:
        return np.broadcast_to(anchors, (len(x), *anchors.shape))
    return anchors
