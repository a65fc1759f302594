"""Sizes and offsets: op, generated kernel and the named library's own formula, over all sizes."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from procdsl.op import GeometricOp
from procdsl.ops.crop import Crop
from procdsl.ops.letterbox import Letterbox
from procdsl.ops.pad import Pad
from procdsl.ops.resize import Resize
from procdsl.values import Word

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


def kernel_of(op: GeometricOp) -> Callable[[int, int], Any]:
    kernel = getattr(importlib.import_module(f"kernels.common.{op.kernel.name}"), op.kernel.name)
    return lambda h, w: kernel(h, w, *op.kernel.arguments, **op.kernel.flags)


def walked() -> list[tuple[int, int]]:
    rng = np.random.default_rng(0)
    pairs = [(int(h), int(w)) for h, w in rng.integers(200, 3000, (4000, 2))]
    pairs += [(h, w) for h in (60, 224, 225, 480, 640, 1080) for w in range(60, 1400, 7)]
    return pairs


def six(op: GeometricOp, h: int, w: int) -> tuple[int, ...]:
    """What `geometry` says, which must be what the generated kernel says."""
    at = op.geometry(h, w)
    said = (at.h, at.w, at.y.content, at.x.content, at.y.offset, at.x.offset)
    kernel = kernel_of(op)(h, w)
    assert said == (kernel[0], kernel[1], *kernel[4:8]), (op, h, w)
    return said


@pytest.mark.parametrize(("arguments", "rule"), RESIZES, ids=[str(list(a)) for a, _ in RESIZES])
def test_resize(arguments: dict[str, Any], rule: Rule) -> None:
    op = Resize(**{**arguments, **S})
    for h, w in walked():
        assert six(op, h, w)[:2] == rule(h, w), (h, w)


@pytest.mark.parametrize(("op", "rule"), OTHERS, ids=[op.kernel.name for op, _ in OTHERS])
def test_offsets(op: GeometricOp, rule: Rule) -> None:
    for h, w in walked():
        assert six(op, h, w) == rule(h, w), (h, w)


@pytest.mark.parametrize("fraction", [0.875, 0.5, 1 / 3])
def test_fraction(fraction: float) -> None:
    op = Crop(fraction=fraction, **word(place="center"))
    for h, w in walked():
        top, left = int((h - h * fraction) / 2), int((w - w * fraction) / 2)
        assert six(op, h, w) == (h - 2 * top, w - 2 * left, h, w, -top, -left)
