"""What training does to a picture at random, and serving does not: the extern of the pipeline."""

from __future__ import annotations

import numpy as np

_rng = np.random.default_rng(0)


def draw_by(epoch: int, sample: int) -> None:
    """Draw the next picture by its place in the training, whichever process makes it."""
    global _rng
    _rng = np.random.default_rng((epoch, sample))


def vary(image: np.ndarray) -> np.ndarray:
    """A part of the picture, brighter or darker, and mirrored half of the time."""
    part = _rng.uniform(0.6, 1)
    h, w = (int(part * side) for side in image.shape[:2])
    top = int(_rng.integers(image.shape[0] - h + 1))
    left = int(_rng.integers(image.shape[1] - w + 1))
    image = image[top : top + h, left : left + w]
    if _rng.random() < 0.5:
        image = image[:, ::-1]
    return np.clip(image * _rng.uniform(0.9, 1.1), 0, 255).astype(np.uint8)
