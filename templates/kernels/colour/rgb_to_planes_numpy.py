import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def rgb_to_planes(x: np.ndarray, red: int) -> np.ndarray:
    """uint8 [h, w, 3] to a 4:2:0 frame of luma over U over V, as OpenCV's I420.

    Red is the channel `red`; U and V are those of the upper left pixel of each 2 x 2.
    """
    h, w = x.shape[:2]
    frame = np.empty((h // 2 * 3, w), np.uint8)
    for rows in row_slices(h, w):
        r, g, b = (x[rows, :, i].astype(np.int32) for i in (red, 1, 2 - red))
        r *= 269484
        g *= 528482
        b *= 102760
        r += g
        r += b
        r += (16 << 20) + (1 << 19)
        r >>= 20
        frame[:h][rows] = r
    half = (128 << 20) + (1 << 19)
    r, g, b = (x[::2, ::2, i].astype(np.int32) for i in (red, 1, 2 - red))
    chroma = frame[h:].reshape(2, h // 2, w // 2)
    chroma[0] = (r * -155188 - g * 305135 + b * 460324 + half) >> 20
    chroma[1] = (r * 460324 - g * 385875 - b * 74448 + half) >> 20
    return frame
