"""Manifests of small pipelines, and ways to change one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from procdsl.checker.check import check
from procdsl.manifest import write
from procdsl.reference.golden_record import golden_record
from procdsl.source import Source

Change = Callable[[dict[str, Any]], object]

SMALL = """proc 1
pipeline small
input image: u8[h, w, c=3] rgb
pre {
    to_float(scale=1/255)
}
model x: f32[h, w, c=3] rgb -> y: f32[n=3]
"""
RICH = """proc 1
## All that a manifest holds.
pipeline rich

use "common.proc"

param size = 8
param sampler = cv2.linear

## Ours.
extern mix from "shop.filters:mix" (f32[class=3] probabilities) -> f32[class=3] probabilities

## A frame of a camera.
input image: u8[h, w, c=3] rgb|bgr
input depth: f32[h, w] 0..1

pre {
    a = resize(image, h=size, w=size, sampler=sampler)
    a = to_float(a, scale=scale)
    b = resize(depth, h=8, w=8, sampler=torch.bilinear)
}

model a: f32[h=8, w=8, c=3] rgb, b: f32[h=8, w=8]
    -> y: f32[class=3], found: f32[n, box=4] boxes(xyxy, pixels) @a,
       s: f32[n] logits

post {
    ## Sums to one.
    q = softmax(y, over=class)
    p = mix(q)
    best, i = max(p, over=class)
    name = lookup(i, table=("cat", "dog", "1/2"))
    boxes = back_to(found, image)
    seen = sigmoid(s)
}

## What is seen.
output q, best, name, boxes, seen
"""
TRAINED = """proc 1
pipeline trained
param size = 8
extern jitter from "training.augment:jitter" (u8[h, w, c=3] cv2.hsv) -> u8[h, w, c=3] rgb
input image: u8[h, w, c=3] rgb
pre {
    train {
        convert(cv2.hsv)
        jitter()
        random_flip(horizontal, p=0.5)
    }
    resize(h=size, w=size, sampler=cv2.linear)
    to_float(scale=1/255)
    normalize(mean=(0.406, 0.456, 0.485), std=(0.225, 0.224, 0.229)) allow E321 "trained so"
    cast(f16)
}
model x: f16[h=size, w=size, c=3] rgb -> raw: f32[feature=5, anchor=6]
post {
    boxes, scores = decode_yolo(raw, classes=1, box=cxcywh)
    found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=4)
    found = back_to(found, image)
}
output found
"""


def manifest(text: str, settings: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The manifest of a pipeline whose externs and used files need not exist."""
    checked = check(Source("p.proc", text), _load, settings or {}, lambda *_: "a" * 64)
    assert checked.pipeline is not None, checked.diagnostics
    return write.manifest(checked.pipeline, golden_record(checked.pipeline))


def _load(user: Source, path: str) -> Source:
    return Source(path, "proc 1\nlet scale = 1/255\n", title=path)


def put(*path: Any, value: Any) -> Change:
    """Another value at a place."""

    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


def another_source(old: str, new: str) -> Change:
    """Another source with its own hash, beside the same steps."""

    def change(data: dict[str, Any]) -> None:
        text = "\n".join(data["source"]["lines"])
        assert old in text
        text = text.replace(old, new)
        data["source"]["lines"] = text.split("\n")
        data["source"]["sha256"] = hashlib.sha256(text.encode()).hexdigest()

    return change
