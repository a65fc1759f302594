import numpy as np

from kernels.common.geometry import Geometry
from kernels.common.window_of import window_of
from kernels.numpy.cv2_places import cv2_places
from kernels.numpy.halved_f32 import halved_f32
from kernels.numpy.interpolated_f32 import interpolated_f32


def cv2_linear_f32(x: np.ndarray, h: int, w: int, part: Geometry | None = None) -> np.ndarray:
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
