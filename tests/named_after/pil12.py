"""Pillow 12's resize, by Pillow 13's of one axis at a time, in the order that 12 had."""

from __future__ import annotations

import numpy as np
from named_after import pil
from PIL import Image


def resize(kernel: str, x: np.ndarray, h: int, w: int) -> np.ndarray:
    image = pil.as_image(x)
    if kernel == "nearest" or image.size == (w, h):
        return pil.resize(kernel, x, h, w)
    how = Image.Resampling[kernel.upper()]
    tall = image.height > 100 * image.width and h < image.height
    between = (image.width, h) if tall else (w, image.height)
    opaque = image.convert("RGBa") if x.shape[2] == 4 else image
    resized = opaque.resize(between, how).resize((w, h), how).convert(image.mode)
    return np.asarray(resized).reshape(h, w, -1)
