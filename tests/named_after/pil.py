"""Pillow's own functions, for the samplers and colours that are named after it."""

from __future__ import annotations

import numpy as np
from named_after.ways import Way, Ways
from PIL import Image

MODES = {mode.lower(): mode for mode in Image.MODES}


def resize(kernel: str, x: np.ndarray, h: int, w: int) -> np.ndarray:
    image = as_image(x)
    return np.asarray(image.resize((w, h), Image.Resampling[kernel.upper()])).reshape(h, w, -1)


def as_image(x: np.ndarray) -> Image.Image:
    return Image.fromarray(x[:, :, 0] if x.shape[2] == 1 else x)


def between(source: str, target: str) -> Way:
    def convert(x: np.ndarray) -> np.ndarray:
        bands = [Image.fromarray(np.ascontiguousarray(x[..., i])) for i in range(x.shape[-1])]
        return np.asarray(Image.merge(source, bands).convert(target))

    return convert


def colour(name: str) -> Ways:
    return between("RGB", MODES[name]), between(MODES[name], "RGB")
