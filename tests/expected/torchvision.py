"""torchvision's presets, with Pillow and torch."""

from __future__ import annotations

import numpy as np
from expected import by_size
from expected.common import HALF, IMAGENET, Expected, classification, resized_short, to_tensor
from PIL import Image


def segmentation(resize: int) -> Expected:
    def expected(rgb: np.ndarray) -> np.ndarray:
        return to_tensor(resized_short(Image.fromarray(rgb), resize, "bilinear"), IMAGENET)

    return expected


EXPECTED: dict[str, Expected] = {
    **by_size.TORCHVISION,
    "alexnet": classification(256, 224, "bilinear"),
    "resnet50_v2": classification(232, 224, "bilinear"),
    "convnext_tiny": classification(236, 224, "bilinear"),
    "efficientnet_b0": classification(256, 224, "bicubic"),
    "efficientnet_b1_v2": classification(255, 240, "bilinear"),
    "efficientnet_b3": classification(320, 300, "bicubic"),
    "efficientnet_v2_l": classification(480, 480, "bicubic", HALF),
    "inception_v3": classification(342, 299, "bilinear"),
    "swin_v2_t": classification(260, 256, "bicubic"),
    "vit_b_16_swag": classification(384, 384, "bicubic"),
    "deeplabv3_resnet50": segmentation(520),
}
