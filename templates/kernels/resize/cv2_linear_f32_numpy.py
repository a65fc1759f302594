import numpy as np

from kernels.geometry.placement import Placement
from kernels.resize.cv2_places_numpy import cv2_places
from kernels.resize.halved_f32_numpy import halved_f32
from kernels.resize.interpolated_f32_numpy import interpolated_f32
from kernels.resize.window_of import window_of


def cv2_linear_f32(x: np.ndarray, h: int, w: int, part: Placement | None = None) -> np.ndarray:
    """OpenCV's INTER_LINEAR on float32, as it computes without IPP, or a part of its result."""
    sh, sw = x.shape[:2]
    top, bottom, left, right = window_of(part, h, w)
    if (sh, sw) == (h, w):
        return x[top:bottom, left:right].copy()
    if (sh, sw) == (2 * h, 2 * w):
        return halved_f32(x[2 * top : 2 * bottom])[:, left:right]
    (row, g), (column, f) = cv2_places(sh, h), cv2_places(sw, w)
    rows = row[top:bottom], g[top:bottom]
    return interpolated_f32(x, rows, (column[left:right], f[left:right]))
