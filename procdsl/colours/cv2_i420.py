"""`cv2.i420`: an I420 frame (ffmpeg's yuv420p), as OpenCV's COLOR_YUV2RGB_I420 reads it.

The frame is one array u8[rows, w] for a picture of h x w, both even: h rows of luma, and under them
h / 2 rows that hold the plane U, then the plane V, h / 2 x w / 2 each.
OpenCV reads ITU-R BT.601 in the studio range 16..235, and one U and V for a square of 2 x 2 pixels:

    y = max(0, Y - 16) * 1220542,  u = U - 128,  v = V - 128
    R = (y + 1673527 v + 2^19) >> 20
    G = (y - 852492 v - 409993 u + 2^19) >> 20
    B = (y + 2116026 u + 2^19) >> 20

each limited to 0..255. Only `convert` works on such a frame. Coordinates are those of the picture.

The way to it is OpenCV's COLOR_RGB2YUV_I420, with U and V of the upper left pixel of each square:

    Y = (269484 R + 528482 G + 102760 B + 16.5 * 2^20) >> 20
    U = (-155188 R - 305135 G + 460324 B + 128.5 * 2^20) >> 20
    V = (460324 R - 385875 G - 74448 B + 128.5 * 2^20) >> 20
"""

from __future__ import annotations

from procdsl.colours._subsampled import subsampled
from procdsl.lazy import np
from procdsl.types.subsampled import frame_rows


def _chroma(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    u, v = rows.reshape(2, rows.shape[0], rows.shape[1] // 2)
    return u, v


def from_rgb(x: np.ndarray) -> np.ndarray:
    rows = frame_rows(*x.shape[:2])
    r, g, b = (x[..., i].astype(np.int64) for i in range(3))
    half = 1 << 19
    y = (269484 * r + 528482 * g + 102760 * b + (16 << 20) + half) >> 20
    r, g, b = r[::2, ::2], g[::2, ::2], b[::2, ::2]
    u = (-155188 * r - 305135 * g + 460324 * b + (128 << 20) + half) >> 20
    v = (460324 * r - 385875 * g - 74448 * b + (128 << 20) + half) >> 20
    planes = np.concatenate([y.ravel(), u.ravel(), v.ravel()])
    return planes.astype(np.uint8).reshape(rows, x.shape[1])


COLOUR = subsampled(_chroma, from_rgb)
