"""timm's transforms for evaluation, with Pillow and torch."""

from __future__ import annotations

import numpy as np
import torch
from expected import by_size
from expected.common import (
    CLIP,
    HALF,
    IMAGENET,
    Expected,
    center_crop,
    classification,
    resized_short,
    squash,
)
from PIL import Image


def prefetched(resize: int, crop: int, filter_: str) -> Expected:
    """The loader's own normalization on u8: statistics multiplied by 255 as Python floats."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        image = center_crop(resized_short(Image.fromarray(rgb), resize, filter_), crop)
        x = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).float()
        mean, std = (torch.tensor([v * 255 for v in s]).view(3, 1, 1) for s in IMAGENET)
        return x.sub_(mean).div_(std).numpy()

    return expected


EXPECTED: dict[str, Expected] = {
    **by_size.TIMM,
    "vit_base_patch16_224_augreg": classification(248, 224, "bicubic", HALF),
    "resnet50_a1": classification(235, 224, "bicubic"),
    "efficientnet_b0_ra": classification(256, 224, "bicubic"),
    "mixer_b16_224": classification(256, 224, "bicubic", HALF),
    "tf_inception_v3": classification(341, 299, "bicubic", HALF),
    "deit3_small": classification(224, 224, "bicubic"),
    "convnext_base_clip": classification(256, 256, "bicubic", CLIP),
    "eva02_base_448": squash(448, "bicubic", CLIP),
    "vit_base_clip_336": squash(336, "bicubic", CLIP),
    "resnetv2_50x1_bit": squash(448, "bilinear", HALF),
    "resnet50_a1_prefetch": prefetched(235, 224, "bicubic"),
    "convnext_tiny_prefetch": prefetched(236, 224, "bicubic"),
}
