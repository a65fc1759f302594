import numpy as np

from kernels.numpy.pil_pass import pil_pass
from kernels.numpy.premultiplied import premultiplied, unpremultiplied


def pil_resize(x: np.ndarray, h: int, w: int, filter_: str) -> np.ndarray:
    """Pillow's antialiased resize of uint8, with the order of passes of version 13."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x.copy()
    alpha = x.ndim == 3 and x.shape[2] == 4
    if alpha:
        x = premultiplied(x)
    planes = np.moveaxis(x, -1, 0) if x.ndim == 3 else x[None]
    vertical_first = sh - h > 0 and sh - h > 2 * (sw - w)
    if vertical_first:
        planes = pil_pass(planes.swapaxes(1, 2), h, filter_).swapaxes(1, 2)
    planes = pil_pass(planes, w, filter_)
    if not vertical_first:
        planes = pil_pass(planes.swapaxes(1, 2), h, filter_).swapaxes(1, 2)
    resized = np.stack(list(planes), axis=-1) if x.ndim == 3 else planes[0]
    return unpremultiplied(resized) if alpha else resized
