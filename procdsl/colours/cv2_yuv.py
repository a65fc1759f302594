"""`cv2.yuv`: OpenCV's COLOR_RGB2YUV, COLOR_YUV2RGB and those of BGR: Y, U, V in three channels.

Luma as in `cv2.ycrcb`, then the differences of blue (U) and of red (V) from it, with the weights of
analogue PAL, over the whole range 0..255, in 14 bits of fixed point, `D(x) = (x + 2^13) >> 14`:

    U = D((B - Y) * 8061) + 128          R = Y + D(18678 (V - 128))
    V = D((R - Y) * 14369) + 128         G = Y + D(-6472 (U - 128) - 9519 (V - 128))
                                         B = Y + D(33292 (U - 128))

each limited to 0..255. What a video decoder gives is not this, but
`cv2.nv12` or its like.
"""

from __future__ import annotations

from procdsl.colours._cv2 import luma_and_differences

COLOUR = luma_and_differences(
    ("y", "u", "v"), to_red=14369, to_blue=8061, back=(18678, -9519, -6472, 33292)
)
