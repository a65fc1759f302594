import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def pairs_to_rgb(frame: np.ndarray, red: int, u_at: int) -> np.ndarray:
    """A 4:2:0 frame uint8 [rows, w] of luma over pairs of chroma, U at `u_at` of each, to RGB."""
    h = frame.shape[0] // 3 * 2
    return frame_to_rgb(frame[:h], frame[h:, u_at::2], frame[h:, 1 - u_at :: 2], red)


def planes_to_rgb(frame: np.ndarray, red: int) -> np.ndarray:
    """A 4:2:0 frame uint8 [rows, w] of luma over the plane U over the plane V to RGB."""
    h, w = frame.shape[0] // 3 * 2, frame.shape[1]
    u, v = frame[h:].reshape(2, h // 2, w // 2)
    return frame_to_rgb(frame[:h], u, v, red)


def frame_to_rgb(luma: np.ndarray, u: np.ndarray, v: np.ndarray, red: int) -> np.ndarray:
    """uint8 [h, w, 3] with red in the channel `red`: BT.601 in the studio range, as OpenCV does it.

    Each u and v [h / 2, w / 2] stands for a square of 2 x 2 pixels.
    """
    converted = np.empty((*luma.shape, 3), np.uint8)
    for rows in row_slices(u.shape[0], luma.shape[1]):
        of_u, of_v = u[rows].astype(np.int32), v[rows].astype(np.int32)
        of_u -= 128
        of_v -= 128
        colours = of_v * 1673527, of_v * -852492 - of_u * 409993, of_u * 2116026
        y = luma[2 * rows.start : 2 * rows.stop].astype(np.int32)
        np.maximum(y, 16, out=y)
        y -= 16
        y *= 1220542
        y += 1 << 19
        band = converted[2 * rows.start : 2 * rows.stop]
        plane = np.empty_like(y)
        for at, colour in zip((red, 1, 2 - red), colours, strict=True):
            wide = colour.repeat(2, axis=1)
            np.add(y[::2], wide, out=plane[::2])
            np.add(y[1::2], wide, out=plane[1::2])
            plane >>= 20
            band[:, :, at] = plane.clip(0, 255, out=plane)
    return converted
