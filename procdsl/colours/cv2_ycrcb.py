"""`cv2.ycrcb`: OpenCV's COLOR_RGB2YCrCb, COLOR_YCrCb2RGB and those of BGR.

Luma by ITU-R BT.601, then the differences of red and blue from it, over the whole range 0..255, in
14 bits of fixed point, `D(x) = (x + 2^13) >> 14`:

    Y  = D(4899 R + 9617 G + 1868 B)
    Cr = D((R - Y) * 11682) + 128        R = Y + D(22987 (Cr - 128))
    Cb = D((B - Y) * 9241) + 128         G = Y + D(-5636 (Cb - 128) - 11698 (Cr - 128))
                                         B = Y + D(29049 (Cb - 128))

each limited to 0..255. Pillow's YCbCr (`pil.ycbcr`) has another order and other bits.
"""

from __future__ import annotations

from procdsl.colours._cv2 import luma_and_differences

COLOUR = luma_and_differences(
    ("y", "cr", "cb"), to_red=11682, to_blue=9241, back=(22987, -11698, -5636, 29049)
)
