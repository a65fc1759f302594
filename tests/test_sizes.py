"""Sizes and offsets: op, generated kernel and the named library's own formula, over all sizes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from placing import kernel_for

from procdsl.opdef.geometric import GeometricOp
from procdsl.ops.geometry.crop import Crop
from procdsl.ops.geometry.letterbox import Letterbox
from procdsl.ops.geometry.pad import Pad
from procdsl.ops.geometry.resize import Resize
from procdsl.types.constants import Word

S = {"sampler": Word("cv2.linear")}
Rule = Callable[[int, int], tuple[int, ...]]


def word(**words: str) -> dict[str, Any]:
    return {name: Word(value) for name, value in words.items()}


def torchvision_capped(h: int, w: int, size: int, cap: int) -> tuple[int, int]:
    short, long = (w, h) if w <= h else (h, w)
    new_short, new_long = size, int(size * long / short)
    if new_long > cap:
        new_short, new_long = int(cap * new_short / new_long), cap
    return (new_long, new_short) if w <= h else (new_short, new_long)


def detr(h: int, w: int, size: int, cap: int) -> tuple[int, int]:
    raw = None
    low, high = float(min(h, w)), float(max(h, w))
    if high / low * size > cap:
        raw = cap * low / high
        size = round(raw)
    if (h <= w and h == size) or (w <= h and w == size):
        return h, w
    if w < h:
        return int((raw if raw is not None else size) * h / w), size
    return size, int((raw if raw is not None else size) * w / h)


def albumentations(h: int, w: int, size: int, of: int) -> tuple[int, int]:
    scale = size / of
    return max(1, round(h * scale)), max(1, round(w * scale))


def sam(h: int, w: int) -> tuple[int, int]:
    scale = 1024 * 1.0 / max(h, w)
    return int(h * scale + 0.5), int(w * scale + 0.5)


def qwen(h: int, w: int) -> tuple[int, int]:
    m, low, high = 28, 56 * 56, 14 * 14 * 4 * 128
    to_h, to_w = max(m, round(h / m) * m), max(m, round(w / m) * m)
    if to_h * to_w > high:
        beta = math.sqrt((h * w) / high)
        return max(m, math.floor(h / beta / m) * m), max(m, math.floor(w / beta / m) * m)
    if to_h * to_w < low:
        beta = math.sqrt(low / (h * w))
        return math.ceil(h * beta / m) * m, math.ceil(w * beta / m) * m
    return to_h, to_w


def contain(h: int, w: int, box: tuple[int, int], cover: bool) -> tuple[int, int]:
    image, wanted = w / h, box[1] / box[0]
    if image != wanted:
        if (image > wanted) != cover:
            return max(1, round(h / w * box[1])), box[1]
        return box[0], max(1, round(w / h * box[0]))
    return box


def mask2former(h: int, w: int) -> tuple[int, int]:
    to_h, to_w = torchvision_capped(h, w, 800, 1333)
    return math.ceil(to_h / 32) * 32, math.ceil(to_w / 32) * 32


def detectron2(h: int, w: int, size: int, cap: int) -> tuple[int, int]:
    scale = size * 1.0 / min(h, w)
    to_h, to_w = (size, scale * w) if h < w else (scale * h, size)
    if max(to_h, to_w) > cap:
        scale = cap * 1.0 / max(to_h, to_w)
        to_h, to_w = to_h * scale, to_w * scale
    return int(to_h + 0.5), int(to_w + 0.5)


def vilt(h: int, w: int) -> tuple[int, int]:
    to_h, to_w = detectron2(h, w, 384, int(1333 / 800 * 384))
    return to_h // 32 * 32, to_w // 32 * 32


def torchvision_detection(h: int, w: int, f32: bool) -> tuple[int, int]:
    """GeneralizedRCNNTransform, and the size that `interpolate` makes of its scale."""
    scale = min(800.0 / min(h, w), 1333.0 / max(h, w))
    if f32:
        short, long = torch.tensor([min(h, w), max(h, w)]).to(torch.float32)
        scale = torch.min(800.0 / short, 1333.0 / long).item()
    return math.floor(float(h) * scale), math.floor(float(w) * scale)


def mmdetection(h: int, w: int) -> tuple[int, int]:
    scale = min(1333 / max(h, w), 800 / min(h, w))
    return int(h * float(scale) + 0.5), int(w * float(scale) + 0.5)


def timm_ratio(h: int, w: int) -> tuple[int, int]:
    ratio = max(h / 240, w / 240) * 1.0 + min(h / 240, w / 240) * (1.0 - 1.0)
    return round(h * 1.0 / ratio), round(w * 1.0 / ratio)


def midas(h: int, w: int, to: tuple[int, int], m: int, how: str) -> tuple[int, int]:
    """MiDaS' Resize, of which DPT in Hugging Face has the method `minimal` (here: near)."""
    scale_h, scale_w = to[0] / h, to[1] / w
    if how == "cover":
        scale_h = scale_w = scale_w if scale_w > scale_h else scale_h
    elif how == "fit":
        scale_h = scale_w = scale_w if scale_w < scale_h else scale_h
    else:
        scale_h = scale_w = scale_w if abs(1 - scale_w) < abs(1 - scale_h) else scale_h

    def constrained(x: float, limit: int) -> int:
        y = int(np.round(x / m) * m)
        if how == "fit" and y > limit:
            y = int(np.floor(x / m) * m)
        if how == "cover" and y < limit:
            y = int(np.ceil(x / m) * m)
        return y

    return max(m, constrained(scale_h * h, to[0])), max(m, constrained(scale_w * w, to[1]))


def siglip2(h: int, w: int) -> tuple[int, int]:
    def scaled(scale: float, size: int) -> int:
        return int(max(16, math.ceil(size * scale / 16) * 16))

    low, high = 1e-5 / 10, 100.0
    while (high - low) >= 1e-5:
        scale = (low + high) / 2
        if (scaled(scale, h) / 16) * (scaled(scale, w) / 16) <= 256:
            low = scale
        else:
            high = scale
    return scaled(low, h), scaled(low, w)


def pix2struct(h: int, w: int) -> tuple[int, int]:
    scale = math.sqrt(2048 * (16 / h) * (16 / w))
    rows = max(min(math.floor(scale * h / 16), 2048), 1)
    columns = max(min(math.floor(scale * w / 16), 2048), 1)
    return max(rows * 16, 1), max(columns * 16, 1)


RESIZES: list[tuple[dict[str, Any], Rule]] = [
    ({"short": 256}, lambda h, w: (256, int(256 * w / h)) if h <= w else (int(256 * h / w), 256)),
    ({"short": 800, "cap": 1333}, lambda h, w: torchvision_capped(h, w, 800, 1333)),
    ({"short": 800, "cap": 1333, **word(capped="half_even")}, lambda h, w: detr(h, w, 800, 1333)),
    (
        {"short": 256, **word(rounding="half_even")},
        lambda h, w: albumentations(h, w, 256, min(h, w)),
    ),
    (
        {"long": 640, **word(rounding="half_even")},
        lambda h, w: albumentations(h, w, 640, max(h, w)),
    ),
    ({"long": 1024, **word(rounding="half_up")}, sam),
    ({"fit": (480, 640)}, lambda h, w: contain(h, w, (480, 640), cover=False)),
    ({"cover": (480, 640)}, lambda h, w: contain(h, w, (480, 640), cover=True)),
    (
        {"multiple": 32, **word(rounding="floor")},
        lambda h, w: (max(1, h // 32) * 32, max(1, w // 32) * 32),
    ),
    ({"multiple": 28, "min_pixels": 56 * 56, "max_pixels": 14 * 14 * 4 * 128}, qwen),
    ({"short": 800, "cap": 1333, "multiple": 32, **word(rounding="ceil")}, mask2former),
    (
        {"short": 800, "cap": 1333, **word(capped="half_up")},
        lambda h, w: detectron2(h, w, 800, 1333),
    ),
    (
        {"short": 384, "cap": 639, "multiple": 32, **word(capped="half_up", rounding="floor")},
        lambda h, w: tuple(max(32, side) for side in vilt(h, w)),
    ),
    (
        {"short": 800, "cap": 1333, **word(capped="scaled_floor")},
        lambda h, w: torchvision_detection(h, w, f32=False),
    ),
    (
        {"short": 800, "cap": 1333, **word(capped="scaled_floor_f32")},
        lambda h, w: torchvision_detection(h, w, f32=True),
    ),
    ({"short": 800, "cap": 1333, **word(capped="scaled_half_up")}, mmdetection),
    ({"long": 240, **word(rounding="half_even_ratio")}, timm_ratio),
    ({"near": (384, 384), "multiple": 32}, lambda h, w: midas(h, w, (384, 384), 32, "near")),
    ({"near": (384, 512), "multiple": 32}, lambda h, w: midas(h, w, (384, 512), 32, "near")),
    ({"near": (518, 518)}, lambda h, w: midas(h, w, (518, 518), 1, "near")),
    ({"cover": (518, 518), "multiple": 14}, lambda h, w: midas(h, w, (518, 518), 14, "cover")),
    ({"fit": (384, 512), "multiple": 32}, lambda h, w: midas(h, w, (384, 512), 32, "fit")),
    ({"multiple": 16, "max_patches": 256}, siglip2),
    ({"multiple": 16, "max_patches": 2048, **word(rounding="floor")}, pix2struct),
]


def offset(part: int, whole: int, down: bool) -> int:
    """Where a centre crop puts its source: torchvision's and timm's, or Hugging Face's."""
    if down:
        return math.ceil((part - whole) / 2)
    return (part - whole) // 2 if part > whole else -round((whole - part) / 2.0)


def letterbox(h: int, w: int, turn: Callable[[float], int], multiple: int = 0) -> tuple[int, ...]:
    ratio = min(640 / h, 640 / w)
    content_h, content_w = max(1, turn(h * ratio)), max(1, turn(w * ratio))
    more_h, more_w = 640 - content_h, 640 - content_w
    if multiple:
        more_h, more_w = more_h % multiple, more_w % multiple
    top, left = round(more_h / 2 - 0.1), round(more_w / 2 - 0.1)
    return content_h + more_h, content_w + more_w, content_h, content_w, top, left


BOX: dict[str, Any] = {"h": 640, "w": 640, "fill": 114.0, **S}
OTHERS: list[tuple[GeometricOp, Rule]] = [
    (
        Crop(h=224, w=224, fill=0.0, **word(place="center")),
        lambda h, w: (224, 224, h, w, offset(224, h, False), offset(224, w, False)),
    ),
    (
        Crop(h=224, w=224, fill=0.0, **word(place="center", offset="floor")),
        lambda h, w: (224, 224, h, w, offset(224, h, True), offset(224, w, True)),
    ),
    (Letterbox(**BOX), lambda h, w: letterbox(h, w, round)),
    (Letterbox(**BOX, multiple=32), lambda h, w: letterbox(h, w, round, 32)),
    (Letterbox(**BOX, **word(rounding="floor")), lambda h, w: letterbox(h, w, int)),
    (
        Pad(multiple=8, fill=0.0, **word(anchor="top_left", always="true")),
        lambda h, w: ((h // 8 + 1) * 8, (w // 8 + 1) * 8, h, w, 0, 0),
    ),
]


def pillow_pads(h: int, w: int) -> tuple[int, ...]:
    """Where `ImageOps.pad` pastes what it has contained."""
    return 3001, 3000, h, w, round((3001 - h) * 0.5), round((3000 - w) * 0.5)


OTHERS.append((Pad(h=3001, w=3000, fill=0.0, **word(anchor="center_even")), pillow_pads))


def kernel_of(op: GeometricOp) -> Callable[[int, int], Any]:
    kernel = kernel_for("numpy", op.placement_rule)
    return lambda h, w: kernel(h, w, *op.placement_rule.arguments, **op.placement_rule.flags)


def walked() -> list[tuple[int, int]]:
    rng = np.random.default_rng(0)
    pairs = [(int(h), int(w)) for h, w in rng.integers(200, 3000, (4000, 2))]
    pairs += [(h, w) for h in (60, 224, 225, 480, 640, 1080) for w in range(60, 1400, 7)]
    return pairs


def six(op: GeometricOp, h: int, w: int) -> tuple[int, ...]:
    """What `geometry` says, which must be what the generated kernel says."""
    at = op.placement(h, w)
    said = (at.h, at.w, at.y.content, at.x.content, at.y.offset, at.x.offset)
    kernel = kernel_of(op)(h, w)
    assert said == (kernel[0], kernel[1], *kernel[4:8]), (op, h, w)
    return said


@pytest.mark.parametrize(
    ("arguments", "rule"),
    RESIZES,
    ids=[", ".join(f"{k}={v}" for k, v in a.items()) for a, _ in RESIZES],
)
def test_resize(arguments: dict[str, Any], rule: Rule) -> None:
    op = Resize(**{**arguments, **S})
    for h, w in walked():
        assert six(op, h, w)[:2] == rule(h, w), (h, w)


@pytest.mark.parametrize(
    "op",
    [Resize(**{**arguments, **S}) for arguments, _ in RESIZES] + [op for op, _ in OTHERS],
    ids=lambda op: str(op.placement_rule),
)
def test_scripted(op: GeometricOp) -> None:
    """The kernel as `torch.jit.script` compiles it."""
    kernel = kernel_for("torch", op.placement_rule)
    scripted = torch.jit.script(kernel)
    for h, w in walked()[::500]:
        found = scripted(h, w, *op.placement_rule.arguments, **op.placement_rule.flags)
        assert tuple(found) == tuple(kernel_of(op)(h, w)), (h, w)
        eager = kernel(h, w, *op.placement_rule.arguments, **op.placement_rule.flags)
        assert tuple(eager) == tuple(found), (h, w)


@pytest.mark.parametrize(("op", "rule"), OTHERS, ids=[op.placement_rule.name for op, _ in OTHERS])
def test_offsets(op: GeometricOp, rule: Rule) -> None:
    for h, w in walked():
        assert six(op, h, w) == rule(h, w), (h, w)


@pytest.mark.parametrize("fraction", [0.875, 0.5, 1 / 3])
def test_fraction(fraction: float) -> None:
    op = Crop(fraction=fraction, **word(place="center"))
    for h, w in walked():
        top, left = int((h - h * fraction) / 2), int((w - w * fraction) / 2)
        assert six(op, h, w) == (h - 2 * top, w - 2 * left, h, w, -top, -left)
