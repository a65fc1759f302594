"""What the expectations share: statistics, Pillow's filters, torchvision's tensors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from PIL import Image

Expected = Callable[[np.ndarray], np.ndarray]
"""What a library makes of a picture, as the model gets it."""

Stats = tuple[tuple[float, ...], tuple[float, ...]]

IMAGENET: Stats = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALF: Stats = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
CLIP: Stats = (
    (0.48145466, 0.4578275, 0.40821073),
    (0.26862954, 0.26130258, 0.27577711),
)
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def to_tensor(image: Image.Image, stats: Stats) -> np.ndarray:
    """torchvision's ToTensor and Normalize."""
    x = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).to(torch.float32).div(255)
    mean, std = (torch.tensor(numbers)[:, None, None] for numbers in stats)
    return ((x - mean) / std).numpy()


def short_side(h: int, w: int, side: int) -> tuple[int, int]:
    """torchvision's `Resize(side)` and Hugging Face's `shortest_edge`: the new height and width."""
    return (int(side * h / w), side) if w <= h else (side, int(side * w / h))


def resized_short(image: Image.Image, side: int, filter_: str) -> Image.Image:
    h, w = short_side(image.height, image.width, side)
    return image.resize((w, h), FILTERS[filter_])


def center_crop(image: Image.Image, side: int) -> Image.Image:
    """torchvision's CenterCrop."""
    top, left = round((image.height - side) / 2.0), round((image.width - side) / 2.0)
    return image.crop((left, top, left + side, top + side))


def classification(resize: int, crop: int, filter_: str, stats: Stats = IMAGENET) -> Expected:
    """torchvision's ImageClassification, and timm's crop mode `center`: short side, centre crop."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        image = resized_short(Image.fromarray(rgb), resize, filter_)
        return to_tensor(center_crop(image, crop), stats)

    return expected


def squash(side: int, filter_: str, stats: Stats) -> Expected:
    """timm's crop mode `squash` at crop_pct 1, and Hugging Face's fixed sizes."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        return to_tensor(Image.fromarray(rgb).resize((side, side), FILTERS[filter_]), stats)

    return expected
