"""Keras: `load_img` (Pillow, nearest unless told otherwise) and `preprocess_input` on arrays."""

from __future__ import annotations

import numpy as np
from expected.common import Expected
from PIL import Image

MODES = ("tf", "torch", "caffe", "")


def preprocessed(side: int, mode: str) -> Expected:
    """The modes of `imagenet_utils`, in float32 and in place as they are there; none is `""`."""
    assert mode in MODES

    def expected(rgb: np.ndarray) -> np.ndarray:
        image = Image.fromarray(rgb).resize((side, side), Image.Resampling.NEAREST)
        x = np.asarray(image, np.float32).copy()
        if mode == "tf":
            x /= 127.5
            x -= 1.0
            return x
        mean: list[float] = []
        std: list[float] = []
        if mode == "torch":
            x /= 255.0
            mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
        if mode == "caffe":
            x = x[..., ::-1].copy()
            mean = [103.939, 116.779, 123.68]
        for channel, number in enumerate(mean):
            x[..., channel] -= number
        for channel, number in enumerate(std):
            x[..., channel] /= number
        return x

    return expected


EXPECTED: dict[str, Expected] = {
    "mobilenet_v2": preprocessed(224, "tf"),
    "inception_v3": preprocessed(299, "tf"),
    "xception": preprocessed(299, "tf"),
    "nasnet_large": preprocessed(331, "tf"),
    "inception_resnet_v2": preprocessed(299, "tf"),
    "resnet50": preprocessed(224, "caffe"),
    "vgg16": preprocessed(224, "caffe"),
    "densenet121": preprocessed(224, "torch"),
    "densenet201": preprocessed(224, "torch"),
    "efficientnet_b0": preprocessed(224, ""),
}
