"""`cv2.nv21`: an NV21 frame (Android's camera), read as OpenCV's COLOR_YUV2RGB_NV21 does.

The frame is one array u8[rows, w] for a picture of h x w, both even: h rows of luma, and under them
h / 2 rows of pairs V, U.
OpenCV reads ITU-R BT.601 in the studio range 16..235, and one U and V for a square of 2 x 2 pixels:

    y = max(0, Y - 16) * 1220542,  u = U - 128,  v = V - 128
    R = (y + 1673527 v + 2^19) >> 20
    G = (y - 852492 v - 409993 u + 2^19) >> 20
    B = (y + 2116026 u + 2^19) >> 20

each limited to 0..255. Only `convert` works on such a frame. Coordinates are those of the picture.
"""

from __future__ import annotations

from procdsl.colours._subsampled import subsampled

COLOUR = subsampled(lambda rows: (rows[:, 1::2], rows[:, ::2]))
