import numpy as np

from kernels.geometry.placement import Placement
from kernels.levels.look_up_cv2 import look_up


def look_up_boxed(
    x: np.ndarray,
    order: list[int],
    table: np.ndarray,
    planes: np.ndarray,
    at: Placement,
    fill: np.ndarray | np.generic,
) -> None:
    """Write the content where `at` puts it in the planes, and the fill round it, by a table."""
    bottom, right = at.top + x.shape[0], at.left + x.shape[1]
    look_up(x, order, table, planes[:, at.top : bottom, at.left : right])
    fills = np.broadcast_to(fill, x.shape[2:])
    for plane, channel, row in zip(planes, order, table, strict=True):
        level = row[fills[channel]]
        plane[: at.top] = level
        plane[bottom:] = level
        plane[at.top : bottom, : at.left] = level
        plane[at.top : bottom, right:] = level
