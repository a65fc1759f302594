"""Hugging Face's image processors: the slow ones with Pillow, the fast ones with torch.

The fast ones call torchvision, whose resize of u8 is torch's with antialias.
"""

from __future__ import annotations

import numpy as np
import torch
from expected import by_size
from expected.common import (
    CLIP,
    FILTERS,
    HALF,
    IMAGENET,
    Expected,
    Stats,
    resized_short,
    short_side,
    squash,
    to_tensor,
)
from PIL import Image
from torch.nn import functional


def cropped(
    resize: int | None, fixed: int | None, crop: int, filter_: str, stats: Stats
) -> Expected:
    """Resize, centre crop with offsets rounded down, rescale, normalize."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        image = Image.fromarray(rgb)
        if fixed:
            image = image.resize((fixed, fixed), FILTERS[filter_])
        elif resize:
            image = resized_short(image, resize, filter_)
        return to_tensor(Image.fromarray(floor_crop(np.asarray(image), crop)), stats)

    return expected


def floor_crop(x: np.ndarray, crop: int) -> np.ndarray:
    top, left = (x.shape[0] - crop) // 2, (x.shape[1] - crop) // 2
    return x[top : top + crop, left : left + crop]


def detr(side: int, cap: int, multiple: int = 1) -> Expected:
    def expected(rgb: np.ndarray) -> np.ndarray:
        h, w = rgb.shape[:2]
        short, long = min(h, w), max(h, w)
        exact = cap * short / long if long / short * side > cap else None
        to_short = side if exact is None else round(exact)
        to_long = int((side if exact is None else exact) * long / short)
        to_short, to_long = (to - to % multiple for to in (to_short, to_long))
        size = (to_long, to_short) if w >= h else (to_short, to_long)
        return to_tensor(Image.fromarray(rgb).resize(size, FILTERS["bilinear"]), IMAGENET)

    return expected


def vivit(rgb: np.ndarray) -> np.ndarray:
    """Of one frame: the product in float64, less 1 in float32, then mean and std."""
    x = floor_crop(np.asarray(resized_short(Image.fromarray(rgb), 256, "bilinear")), 224)
    real = (x.astype(np.float64) * (1 / 127.5)).astype(np.float32) - 1
    return ((real - np.float32(0.5)) / np.float32(0.5)).transpose(2, 0, 1)


def fast(mode: str, stats: Stats, *, fixed: int = 0, short: int = 0, crop: int = 0) -> Expected:
    """Torch's antialias on u8, then `_fuse_mean_std_and_rescale_factor`: statistics times 255."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        x = torch.from_numpy(rgb.copy()).permute(2, 0, 1)[None].contiguous()
        size = (fixed, fixed) if fixed else short_side(rgb.shape[0], rgb.shape[1], short)
        x = functional.interpolate(x, size, mode=mode, align_corners=False, antialias=True)
        if crop:
            top, left = int((size[0] - crop) / 2.0), int((size[1] - crop) / 2.0)
            x = x[..., top : top + crop, left : left + crop]
        mean, std = (torch.tensor(s).mul(1.0 / (1 / 255)).view(-1, 1, 1) for s in stats)
        return x[0].to(torch.float32).sub_(mean).div_(std).numpy()

    return expected


def swin2sr_fast(rgb: np.ndarray) -> np.ndarray:
    """Rescaled by a product in float32, then padded to one multiple of 8 more."""
    x = torch.from_numpy(rgb.copy()).permute(2, 0, 1) * (1 / 255)
    bottom, right = ((side // 8 + 1) * 8 - side for side in x.shape[1:])
    return np.pad(x.numpy(), ((0, 0), (0, bottom), (0, right)), mode="symmetric")


EXPECTED: dict[str, Expected] = {
    **by_size.HUGGING_FACE,
    "vit": squash(224, "bilinear", HALF),
    "siglip": squash(224, "bicubic", HALF),
    "swin": squash(224, "bicubic", IMAGENET),
    "segformer": squash(512, "bilinear", IMAGENET),
    "blip": squash(384, "bicubic", CLIP),
    "clip": cropped(224, None, 224, "bicubic", CLIP),
    "dinov2": cropped(256, None, 224, "bicubic", IMAGENET),
    "mobilenet_v2": cropped(256, None, 224, "bilinear", HALF),
    "deit": cropped(None, 256, 224, "bicubic", IMAGENET),
    "levit": cropped(256, None, 224, "bicubic", IMAGENET),
    "detr": detr(800, 1333),
    "yolos_small": detr(512, 864, 16),
    "vivit": vivit,
    "vit_fast": fast("bilinear", HALF, fixed=224),
    "siglip_fast": fast("bicubic", HALF, fixed=224),
    "segformer_fast": fast("bilinear", IMAGENET, fixed=512),
    "blip_fast": fast("bicubic", CLIP, fixed=384),
    "clip_fast": fast("bicubic", CLIP, short=224, crop=224),
    "dinov2_fast": fast("bicubic", IMAGENET, short=256, crop=224),
    "mobilenet_v2_fast": fast("bilinear", HALF, short=256, crop=224),
    "deit_fast": fast("bicubic", IMAGENET, fixed=256, crop=224),
    "swin2sr_fast": swin2sr_fast,
}
