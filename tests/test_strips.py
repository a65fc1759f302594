"""Pictures that numpy takes in more than one strip, against OpenCV and Pillow themselves."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image
from support import build, converting

SHAPES = [(1080, 960, 3), (1200, 1080, 1), (900, 1020, 4)]


def resized(image: np.ndarray, h: int, w: int, sampler: str) -> np.ndarray:
    text = converting(f"u8[h, w, c={image.shape[2]}]", f"resize(h={h}, w={w}, sampler={sampler})")
    found: np.ndarray = build(text, ("numpy",)).modules["numpy"].preprocess(image)
    return found


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("size", ["half", "third", "fifth by sixth", "any"])
@pytest.mark.parametrize("sampler", ["linear", "area"])
def test_opencv(sampler: str, size: str, shape: tuple[int, int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    fy, fx = {"half": (2, 2), "third": (3, 3), "fifth by sixth": (5, 6), "any": (1.7, 2.3)}[size]
    h, w = int(shape[0] / fy), int(shape[1] / fx)
    mode = {"linear": cv2.INTER_LINEAR, "area": cv2.INTER_AREA}[sampler]
    wanted = cv2.resize(image, (w, h), interpolation=mode).reshape(h, w, shape[2])
    np.testing.assert_array_equal(resized(image, h, w, f"cv2.{sampler}"), wanted)


@pytest.mark.parametrize("size", [(700, 300), (300, 700)], ids=str)
@pytest.mark.parametrize("filter_", ["bilinear", "bicubic"])
def test_pillow(filter_: str, size: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, SHAPES[0], dtype=np.uint8)
    h, w = size
    wanted = Image.fromarray(image).resize((w, h), Image.Resampling[filter_.upper()])
    np.testing.assert_array_equal(resized(image, h, w, f"pil.{filter_}"), np.asarray(wanted))
