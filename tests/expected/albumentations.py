"""albumentations 2.0.8 with albucore 0.0.24, by the calls of OpenCV and numpy that they make.

On u8 `Normalize` is a table for each channel, made in float32 and looked up by cv2.LUT; by the
picture's own statistics it is made in float64, and here rounded to float32 as a model wants it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from expected.common import IMAGENET, Expected

Step = Callable[[np.ndarray], np.ndarray]


def compose(*steps: Step) -> Expected:
    """The steps, then ToTensorV2."""

    def expected(image: np.ndarray) -> np.ndarray:
        for step in steps:
            image = step(image)
        return image.transpose(2, 0, 1)

    return expected


def resize(h: int, w: int, mode: int = cv2.INTER_LINEAR) -> Step:
    return lambda x: cv2.resize(x, (w, h), interpolation=mode)


def max_size(side: int, which: Callable[..., int], mode: int = cv2.INTER_LINEAR) -> Step:
    """SmallestMaxSize (`min`) and LongestMaxSize (`max`)."""

    def step(x: np.ndarray) -> np.ndarray:
        scale = side / which(x.shape[:2])
        h, w = (max(1, round(length * scale)) for length in x.shape[:2])
        return cv2.resize(x, (w, h), interpolation=mode)

    return step


def center_crop(h: int, w: int) -> Step:
    def step(x: np.ndarray) -> np.ndarray:
        top, left = (x.shape[0] - h) // 2, (x.shape[1] - w) // 2
        return x[top : top + h, left : left + w]

    return step


def bordered(x: np.ndarray, h: int, w: int, mode: int) -> np.ndarray:
    top, left = (h - x.shape[0]) // 2, (w - x.shape[1]) // 2
    return cv2.copyMakeBorder(x, top, h - x.shape[0] - top, left, w - x.shape[1] - left, mode)


def pad_if_needed(h: int, w: int, mode: int = cv2.BORDER_CONSTANT) -> Step:
    return lambda x: bordered(x, max(h, x.shape[0]), max(w, x.shape[1]), mode)


def pad_to_multiple(n: int) -> Step:
    """PadIfNeeded by `pad_height_divisor` and `pad_width_divisor`."""
    return lambda x: bordered(
        x, -(-x.shape[0] // n) * n, -(-x.shape[1] // n) * n, cv2.BORDER_CONSTANT
    )


def normalize(mean: Any = IMAGENET[0], std: Any = IMAGENET[1], most: float = 255.0) -> Step:
    """`normalize_lut`; `most` is `max_pixel_value`."""
    means = np.array(mean, np.float32) * most
    inverse = np.reciprocal(np.array(std, np.float32) * most)

    def step(x: np.ndarray) -> np.ndarray:
        table = (np.arange(256, dtype=np.float32) - means.reshape(-1, 1)) * inverse.reshape(-1, 1)
        rows = np.broadcast_to(table, (x.shape[2], 256))
        return cv2.merge([cv2.LUT(x[:, :, i], row) for i, row in enumerate(rows)])

    return step


def by_image(x: np.ndarray) -> np.ndarray:
    """normalization="image"."""
    table = (np.arange(256, dtype=np.float32) - x.mean()) / (x.std() + 1e-4)
    return cv2.LUT(x, table).clip(-20, 20).astype(np.float32)


def by_channel(x: np.ndarray) -> np.ndarray:
    """normalization="image_per_channel"."""
    return np.dstack([by_image(x[:, :, i]) for i in range(x.shape[2])])


def min_max(x: np.ndarray) -> np.ndarray:
    """normalization="min_max"."""
    table = (np.arange(256, dtype=np.float32) - x.min()) / (x.max() - x.min() + 1e-4)
    return cv2.LUT(x, table).astype(np.float32)


def min_max_by_channel(x: np.ndarray) -> np.ndarray:
    """normalization="min_max_per_channel"."""
    return np.dstack([min_max(x[:, :, i]) for i in range(x.shape[2])])


def to_gray(x: np.ndarray) -> np.ndarray:
    """ToGray: OpenCV's gray, three times."""
    return cv2.merge([cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)] * 3)


def to_float(x: np.ndarray) -> np.ndarray:
    """ToFloat; u16 is divided in float64, which rounds to the same float32."""
    return (x / np.iinfo(x.dtype).max).astype(np.float32)


def gamma(power: float) -> Step:
    """RandomGamma with one gamma."""
    table = (np.arange(0, 256.0 / 255, 1.0 / 255) ** power) * 255
    return lambda x: cv2.LUT(x, table.astype(np.uint8))


EXPECTED: dict[str, Expected] = {
    "resize_224": compose(resize(224, 224), normalize()),
    "resize_256_crop_224": compose(resize(256, 256), center_crop(224, 224), normalize()),
    "shortest_256_crop_224": compose(max_size(256, min), center_crop(224, 224), normalize()),
    "longest_640_pad": compose(
        max_size(640, max), pad_if_needed(640, 640), normalize((0, 0, 0), (1, 1, 1))
    ),
    "longest_512_area": compose(
        max_size(512, max, cv2.INTER_AREA), pad_if_needed(512, 512), normalize(0.471, 0.302)
    ),
    "pad_reflect_512": compose(
        max_size(300, max), pad_if_needed(512, 512, cv2.BORDER_REFLECT_101), normalize()
    ),
    "unet_160x240": compose(resize(160, 240), normalize((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))),
    "pad_multiple_32": compose(pad_to_multiple(32), normalize()),
    "statistics_of_255": compose(
        resize(224, 224), normalize((123.675, 116.28, 103.53), (58.395, 57.12, 57.375), 1.0)
    ),
    "half": compose(resize(256, 256, cv2.INTER_AREA), normalize((0.5,) * 3, (0.5,) * 3)),
    "own_statistics_150": compose(
        resize(150, 150), normalize([0.3199, 0.2240, 0.1609], [0.3020, 0.2183, 0.1741])
    ),
    "to_float": compose(resize(256, 256), to_float),
    "to_float_u16": compose(center_crop(224, 224), to_float),
    "by_image": compose(resize(299, 299), by_image),
    "by_channel": compose(resize(224, 224), by_channel),
    "min_max": compose(resize(224, 224), min_max),
    "min_max_by_channel": compose(resize(224, 224), min_max_by_channel),
    "gray": compose(resize(128, 128), to_gray, normalize(0.5, 0.5)),
    "gamma": compose(resize(224, 224), gamma(0.8), normalize()),
}
