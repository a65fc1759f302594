"""`cv2.hsv`: OpenCV's COLOR_RGB2HSV and COLOR_BGR2HSV: hue 0..179, the rest 0..255.

With d = V - min(R, G, B), and RNE for rounding half to even:

    V = max(R, G, B)
    S = (d * RNE((255 << 12) / V) + 2^11) >> 12
    H = (x * RNE((180 << 12) / (6 d)) + 2^11) >> 12, and 180 more where that is below 0

x is G - B where red is V, else B - R + 2 d where green is, else R - G + 4 d.

There is no way back: OpenCV's HSV2RGB truncates where it works on a vector of pixels and rounds at
the end of a row, so that one colour gives two. H is an angle, which only samplers that pick pixels
(`cv2.nearest`) may resize.
"""

from __future__ import annotations

from procdsl.colours._cv2 import hue

COLOUR = hue(180)
