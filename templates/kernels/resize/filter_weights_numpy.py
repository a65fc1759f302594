import numpy as np

from kernels.resize.filter_support import filter_support


def filter_weights(source: int, target: int, filter_: str) -> tuple[np.ndarray, np.ndarray]:
    """The first source pixel of each target pixel, and by tap the weights from there on."""
    scale = source / target
    widening = max(scale, 1.0)
    reach = filter_support(filter_) * widening
    center = (np.arange(target) + 0.5) * scale
    start = np.maximum((center - reach + 0.5).astype(np.int64), 0)
    end = np.minimum((center + reach + 0.5).astype(np.int64), source)
    taps = np.arange(int((end - start).max()))[:, None]
    place = (taps + start - center + 0.5) * (1.0 / widening)
    weights = np.where(taps < end - start, filter_values(place, filter_), 0.0)
    total = np.zeros(target)
    for row in weights:
        total += row
    return start, weights / np.where(total == 0.0, 1.0, total)


def filter_values(x: np.ndarray, filter_: str) -> np.ndarray:
    """A filter of Pillow at these places."""
    if filter_ == "box":
        return np.where((x > -0.5) & (x <= 0.5), 1.0, 0.0)
    x = np.abs(x)
    if filter_ == "bilinear":
        return np.maximum(0.0, 1.0 - x)
    if filter_ == "bicubic":
        near = (1.5 * x - 2.5) * x * x + 1
        far = (((x - 5) * x + 8) * x - 4) * -0.5
        return np.where(x < 1.0, near, np.where(x < 2.0, far, 0.0))
    angle = np.where(x == 0.0, 1.0, x * np.pi)
    wave = np.sin(angle) / angle
    if filter_ == "hamming":
        wave *= float(np.float32(0.54)) + float(np.float32(0.46)) * np.cos(angle)
    else:
        third = np.where(x == 0.0, 1.0, x / 3 * np.pi)
        wave *= np.sin(third) / third
    support = filter_support(filter_)
    return np.where(x == 0.0, 1.0, np.where(x < support, wave, 0.0))
