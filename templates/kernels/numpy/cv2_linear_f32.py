import numpy as np

from kernels.common.geometry import Geometry
from kernels.common.window_of import window_of
from kernels.numpy.cv2_places import cv2_places


def cv2_linear_f32(x: np.ndarray, h: int, w: int, part: Geometry | None = None) -> np.ndarray:
    """OpenCV's INTER_LINEAR on float32, as it computes without IPP, or a part of its result."""
    sh, sw = x.shape[:2]
    first_row, end_row, first_column, end_column = window_of(part, h, w)
    if (sh, sw) == (h, w):
        return x[first_row:end_row, first_column:end_column].copy()
    if (sh, sw) == (2 * h, 2 * w):
        return halved_f32(x[2 * first_row : 2 * end_row])[:, first_column:end_column]
    image = x.reshape(sh, sw, -1)
    left, f = (n[first_column:end_column] for n in cv2_places(sw, w))
    f = np.where(left < 0, np.float32(0), f)[:, None]
    left = left.clip(0, sw - 1)
    inside = np.searchsorted(left, sw - 1)  # a row ends with its last pixel alone
    top, g = (n[first_row:end_row] for n in cv2_places(sh, h))
    g = g[:, None, None]
    upper, lower = top.clip(0, sh - 1), (top + 1).clip(0, sh - 1)
    right = np.minimum(left + 1, sw - 1)
    out = np.empty((len(top), len(left), image.shape[2]), np.float32)
    for start in range(0, len(top), 64):
        strip = slice(start, start + 64)
        first = upper[strip][0]
        band = image[first : lower[strip][-1] + 1]
        with np.errstate(invalid="ignore"):  # an infinite pixel times 0
            across = band.take(left, axis=1) * (np.float32(1) - f)
            across += band.take(right, axis=1) * f
            across[:, inside:] = band[:, sw - 1 :]
            total = across[upper[strip] - first] * (np.float32(1) - g[strip])
            total += across[lower[strip] - first] * g[strip]
        out[strip] = total
    return out.reshape(*out.shape[:2], *x.shape[2:])


def halved_f32(x: np.ndarray) -> np.ndarray:
    """The mean of each 2 x 2 block, added as OpenCV's vector code does, or its plain code."""
    a, b, c, d = x[::2, ::2], x[::2, 1::2], x[1::2, ::2], x[1::2, 1::2]
    channels = x.size // (x.shape[0] * x.shape[1])
    body = {1: a.shape[1] - a.shape[1] % 4, 4: a.shape[1]}.get(channels, 0)
    total = ((a + b) + c) + d
    total[:, :body] = (a[:, :body] + b[:, :body]) + (c[:, :body] + d[:, :body])
    return total * np.float32(0.25)
