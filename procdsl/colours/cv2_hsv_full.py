"""`cv2.hsv_full`: OpenCV's COLOR_RGB2HSV_FULL and COLOR_BGR2HSV_FULL: all of 0..255.

As `cv2.hsv`, with 256 in the place of 180: hue takes all values that a byte has. There is no way
back, and hue is an angle, for the same reasons.
"""

from __future__ import annotations

from procdsl.colours._cv2 import hue

COLOUR = hue(256)
