import numpy as np


def premultiplied(x: np.ndarray) -> np.ndarray:
    """RGBA with its colours multiplied by alpha, rounded as Pillow does."""
    alpha = x[..., 3:].astype(np.int32)
    scaled = x[..., :3] * alpha + 128
    return np.concatenate([(((scaled >> 8) + scaled) >> 8).astype(np.uint8), x[..., 3:]], axis=2)


def unpremultiplied(x: np.ndarray) -> np.ndarray:
    """The inverse, as Pillow computes it."""
    alpha = x[..., 3:].astype(np.int32)
    divided = np.minimum(255 * x[..., :3].astype(np.int32) // np.maximum(alpha, 1), 255)
    colours = np.where((alpha == 0) | (alpha == 255), x[..., :3], divided)
    return np.concatenate([colours.astype(np.uint8), x[..., 3:]], axis=2)
