import numpy as np

from kernels.geometry.placement import Placement


def write_border(
    x: np.ndarray,
    order: list[int],
    table: np.ndarray,
    planes: np.ndarray,
    at: Placement,
    fill: np.ndarray | np.generic,
) -> np.ndarray:
    """Write the fill, by a table, round the content; a view of the planes where `at` puts that."""
    bottom, right = at.top + x.shape[0], at.left + x.shape[1]
    fills = np.asarray(fill)
    levels = table[np.arange(len(order)), 0, fills[order] if fills.ndim else fills][:, None, None]
    planes[:, : at.top] = levels
    planes[:, bottom:] = levels
    planes[:, at.top : bottom, : at.left] = levels
    planes[:, at.top : bottom, right:] = levels
    return planes[:, at.top : bottom, at.left : right]
