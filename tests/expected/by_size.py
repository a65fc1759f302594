"""Those configurations of several libraries that live on their sizes, pads and patches."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import test_sizes as sizes
import torch
from expected.common import CLIP, FILTERS, HALF, IMAGENET, Expected, Stats, resized_short, to_tensor
from PIL import Image
from torch.nn import functional

Size = Callable[[int, int], tuple[int, int]]
LEVELS = ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375))
NOTHING = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def detection(short: int, cap: int) -> Expected:
    """torchvision's GeneralizedRCNNTransform in eager mode."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        x = torch.from_numpy(to_tensor(Image.fromarray(rgb), IMAGENET))
        scale = min(short / min(rgb.shape[:2]), cap / max(rgb.shape[:2]))
        x = functional.interpolate(
            x[None],
            scale_factor=scale,
            mode="bilinear",
            recompute_scale_factor=True,
            align_corners=False,
        )[0]
        h, w = (math.ceil(float(side) / 32.0) * 32 for side in x.shape[1:])
        batch = x.new_full((3, h, w), 0)
        batch[:, : x.shape[1], : x.shape[2]].copy_(x)
        return batch.numpy()

    return expected


def detection_fixed(side: int, stats: Stats) -> Expected:
    def expected(rgb: np.ndarray) -> np.ndarray:
        x = torch.from_numpy(to_tensor(Image.fromarray(rgb), stats))
        return functional.interpolate(
            x[None], size=[side, side], mode="bilinear", align_corners=False
        )[0].numpy()

    return expected


def resized(size: Size, filter_: str, stats: Stats) -> Expected:
    """Hugging Face: a size of a rule, rescale, normalize."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        h, w = size(*rgb.shape[:2])
        return to_tensor(Image.fromarray(rgb).resize((w, h), FILTERS[filter_]), stats)

    return expected


def dpt_dinov2(rgb: np.ndarray) -> np.ndarray:
    """Normalize without rescale, then the pad of `DPTImageProcessor.pad_image`."""
    mean, std = (np.array(numbers, np.float32) for numbers in LEVELS)
    x = ((rgb.astype(np.float32) - mean) / std).transpose(2, 0, 1)

    def sides(size: int) -> tuple[int, int]:
        more = math.ceil(size / 14) * 14 - size
        return more // 2, more - more // 2

    return np.pad(x, ((0, 0), sides(x.shape[1]), sides(x.shape[2])))


def swin2sr(rgb: np.ndarray) -> np.ndarray:
    x = to_tensor(Image.fromarray(rgb), NOTHING)
    h, w = rgb.shape[:2]
    more_h, more_w = (h // 8 + 1) * 8 - h, (w // 8 + 1) * 8 - w
    return np.pad(x, ((0, 0), (0, more_h), (0, more_w)), mode="symmetric")


def sam(rgb: np.ndarray) -> np.ndarray:
    h, w = sizes.sam(*rgb.shape[:2])
    x = to_tensor(Image.fromarray(rgb).resize((w, h), FILTERS["bilinear"]), IMAGENET)
    return np.pad(x, ((0, 0), (0, 1024 - h), (0, 1024 - w)))


def llava_pad(rgb: np.ndarray) -> np.ndarray:
    """Pasted in the middle of a square, as `expand2square` does."""
    h, w = rgb.shape[:2]
    side = max(h, w)
    square = Image.new("RGB", (side, side), tuple(int(x * 255) for x in CLIP[0]))
    square.paste(Image.fromarray(rgb), ((side - w) // 2, (side - h) // 2))
    x = np.asarray(resized_short(square, 336, "bicubic"))
    top, left = (x.shape[0] - 336) // 2, (x.shape[1] - 336) // 2
    return to_tensor(Image.fromarray(x[top : top + 336, left : left + 336]), CLIP)


def qwen_size(h: int, w: int) -> tuple[int, int]:
    """smart_resize with 28, 56 * 56 and 28 * 28 * 1280, from its source."""
    to_h, to_w = round(h / 28) * 28, round(w / 28) * 28
    if to_h * to_w > 28 * 28 * 1280:
        beta = math.sqrt((h * w) / (28 * 28 * 1280))
        return math.floor(h / beta / 28) * 28, math.floor(w / beta / 28) * 28
    if to_h * to_w < 56 * 56:
        beta = math.sqrt(56 * 56 / (h * w))
        return math.ceil(h * beta / 28) * 28, math.ceil(w * beta / 28) * 28
    return to_h, to_w


def qwen2_vl(rgb: np.ndarray) -> np.ndarray:
    x = torch.from_numpy(resized(qwen_size, "bicubic", CLIP)(rgb))
    frames = x[None].expand(2, -1, -1, -1)
    rows, columns = x.shape[1] // 14, x.shape[2] // 14
    split = frames.reshape(1, 2, 3, rows // 2, 2, 14, columns // 2, 2, 14)
    return split.permute(0, 3, 6, 4, 7, 2, 1, 5, 8).reshape(rows * columns, -1).numpy()


def siglip2(rgb: np.ndarray) -> np.ndarray:
    x = resized(sizes.siglip2, "bilinear", HALF)(rgb).transpose(1, 2, 0)
    rows, columns = x.shape[0] // 16, x.shape[1] // 16
    split = x.reshape(rows, 16, columns, 16, 3).transpose(0, 2, 1, 3, 4)
    return np.pad(split.reshape(rows * columns, -1), ((0, 256 - rows * columns), (0, 0)))


def timm_border(rgb: np.ndarray) -> np.ndarray:
    """ResizeKeepRatio(longest=1) and CenterCropOrPad, which here only pads."""
    h, w = sizes.timm_ratio(*rgb.shape[:2])
    image = Image.fromarray(rgb).resize((w, h), FILTERS["bicubic"])
    ground = Image.new("RGB", (240, 240), tuple(round(255 * x) for x in IMAGENET[0]))
    ground.paste(image, ((240 - w) // 2, (240 - h) // 2))
    return to_tensor(ground, IMAGENET)


TORCHVISION: dict[str, Expected] = {
    "fasterrcnn_resnet50_fpn": detection(800, 1333),
    "fasterrcnn_mobilenet_v3_large_320_fpn": detection(320, 640),
    "retinanet_resnet50_fpn": detection(800, 1333),
    "keypointrcnn_resnet50_fpn": detection(800, 1333),
    "ssd300_vgg16": detection_fixed(300, ((0.48235, 0.45882, 0.40784), (1 / 255,) * 3)),
    "ssdlite320_mobilenet_v3_large": detection_fixed(320, HALF),
}

HUGGING_FACE: dict[str, Expected] = {
    "dpt_large": resized(lambda h, w: (384, 384), "bicubic", HALF),
    "dpt_keep_aspect": resized(
        lambda h, w: sizes.midas(h, w, (384, 384), 32, "near"), "bicubic", HALF
    ),
    "depth_anything": resized(
        lambda h, w: sizes.midas(h, w, (518, 518), 14, "near"), "bicubic", IMAGENET
    ),
    "dpt_dinov2": dpt_dinov2,
    "glpn_kitti": resized(lambda h, w: (h // 32 * 32, w // 32 * 32), "bilinear", NOTHING),
    "swin2sr": swin2sr,
    "sam_vit": sam,
    "mask2former": resized(sizes.mask2former, "bilinear", IMAGENET),
    "vilt": resized(sizes.vilt, "bicubic", HALF),
    "llava_pad": llava_pad,
    "qwen2_vl": qwen2_vl,
    "siglip2_naflex": siglip2,
}

TIMM: dict[str, Expected] = {"border_240": timm_border}
