"""albumentations itself, for the files of `configurations/albumentations`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import albumentations as A  # noqa: N812 - as everybody does
import cv2
import numpy as np
from albumentations.pytorch import ToTensorV2
from expected.common import Expected

CONSTANT, REFLECT = cv2.BORDER_CONSTANT, cv2.BORDER_REFLECT_101


def composed(*steps: Any) -> Callable[[], Expected]:
    def made() -> Expected:
        stack = A.Compose([*steps, ToTensorV2()])
        return lambda image: stack(image=image)["image"].numpy().astype(np.float32)

    return made


MADE: dict[str, Callable[[], Expected]] = {
    "resize_224": composed(A.Resize(224, 224), A.Normalize()),
    "resize_256_crop_224": composed(A.Resize(256, 256), A.CenterCrop(224, 224), A.Normalize()),
    "shortest_256_crop_224": composed(
        A.SmallestMaxSize(256), A.CenterCrop(224, 224), A.Normalize()
    ),
    "longest_640_pad": composed(
        A.LongestMaxSize(640),
        A.PadIfNeeded(640, 640, border_mode=CONSTANT),
        A.Normalize((0, 0, 0), (1, 1, 1)),
    ),
    "longest_512_area": composed(
        A.LongestMaxSize(512, interpolation=cv2.INTER_AREA),
        A.PadIfNeeded(512, 512, border_mode=CONSTANT),
        A.Normalize(0.471, 0.302),
    ),
    "pad_reflect_512": composed(
        A.LongestMaxSize(300), A.PadIfNeeded(512, 512, border_mode=REFLECT), A.Normalize()
    ),
    "unet_160x240": composed(A.Resize(160, 240), A.Normalize((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))),
    "pad_multiple_32": composed(
        A.PadIfNeeded(None, None, 32, 32, border_mode=CONSTANT), A.Normalize()
    ),
    "statistics_of_255": composed(
        A.Resize(224, 224), A.Normalize((123.675, 116.28, 103.53), (58.395, 57.12, 57.375), 1.0)
    ),
    "half": composed(
        A.Resize(256, 256, interpolation=cv2.INTER_AREA), A.Normalize((0.5,) * 3, (0.5,) * 3)
    ),
    "own_statistics_150": composed(
        A.Resize(150, 150), A.Normalize([0.3199, 0.2240, 0.1609], [0.3020, 0.2183, 0.1741])
    ),
    "to_float": composed(A.Resize(256, 256), A.ToFloat(max_value=255)),
    "to_float_u16": composed(A.CenterCrop(224, 224), A.ToFloat(max_value=65535)),
    "by_image": composed(A.Resize(299, 299), A.Normalize(normalization="image")),
    "by_channel": composed(A.Resize(224, 224), A.Normalize(normalization="image_per_channel")),
    "min_max": composed(A.Resize(224, 224), A.Normalize(normalization="min_max")),
    "min_max_by_channel": composed(
        A.Resize(224, 224), A.Normalize(normalization="min_max_per_channel")
    ),
    "gray": composed(A.Resize(128, 128), A.ToGray(p=1), A.Normalize(0.5, 0.5)),
    "gamma": composed(A.Resize(224, 224), A.RandomGamma((80, 80), p=1), A.Normalize()),
}
