"""Pipelines that a model file holds in part, and how they are planned in tests."""

from __future__ import annotations

import extern_project
from pipelines import DETECTOR
from support import source_of

from procdsl.checker.check import check
from procdsl.ir.pipeline import Pipeline
from procdsl.ir.plan import Plan
from procdsl.opdef.op import Case
from procdsl.plan.halves import Halves, halves
from procdsl.plan.keep import kept
from procdsl.plan.places import plan
from procdsl.source import Source

DECODED = """proc 1
pipeline upload
input photo: bytes
pre {
    decode(bgr, by=cv2, formats=(jpeg, png), exif=apply, alpha=drop, depth=u8)
    resize(h=16, w=24, sampler=cv2.linear)
}
model x: u8[h=16, w=24, c=3] bgr -> boxes: f32[n, box=4] boxes(xyxy, pixels)
post {
    boxes = back_to(boxes, photo)
}
output boxes
"""
CLIP = """proc 1
pipeline clip
extern steady from "shop.filters:steady" (u8[t, h, w, c=3] rgb) -> u8[t, h, w, c=3] rgb
input clip: u8[t, h, w, c=3] rgb
pre {
    resize(short=28, sampler=cv2.linear)
    steady()
    crop(center, h=24, w=24)
    to_float(scale=1/255)
    layout(c, t, h, w)
}
model x: f32[c=3, t, h=24, w=24] rgb -> logits: f32[class=4]
post {
    label = argmax(logits, over=class)
}
output label
"""
MIDDLE = f"""proc 1
pipeline middle
{extern_project.DENOISE}
extern rank from "shop.filters:rank" (f32[class=4]) -> i64[class=4]
input image: u8[h, w, c=3] bgr
pre {{
    convert(rgb)
    denoise()
    resize(h=16, w=24, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h=16, w=24] rgb -> logits: f32[class=4]
post {{
    p = softmax(logits, over=class)
    order = rank(logits)
    best = argmax(p, over=class)
}}
output order, best, p
"""
TILES = """boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)
boxes, scores = untile_boxes(boxes, scores, image)
found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=50)
found = clip_to(found, image)"""
TILED = source_of(
    Case(
        pre="flip(horizontal)\ntile(h=16, w=20, overlap=4, last=shifted)\nto_float(scale=1/255)",
        post=TILES,
        outputs={"raw": "f32[tile, feature=7, anchor=33]"},
    )
).replace("clip_to", "back_to", 1)
SHADOWED = """proc 1
pipeline p
extern mark from "shop.filters:mark" (u8[h, w, c=3] rgb @a) -> u8[h, w, c=3] rgb @a
input image: u8[h, w, c=3] rgb
pre {
    small = resize(image, h=8, w=8, sampler=cv2.linear)
    image = mark(image)
    image = flip(image, vertical)
    large = resize(image, h=12, w=8, sampler=cv2.linear)
}
model small: u8[h=8, w=8, c=3] rgb, large: u8[h=12, w=8, c=3] rgb -> y: f32[class=4]
post {
    best = argmax(y, over=class)
    name = lookup(best, table=("a", "b", "c", "d"))
    y = softmax(y, over=class)
    best = argmax(y, over=class)
}
output y, best, name
"""
"""`image` and `best` each stand for two values that cross."""
NAMED = DETECTOR.replace(
    "    found = clip_to(found, image)\n}\noutput found",
    '    names = lookup(found.classes, table=("a", "b", "c"))\n'
    "    found = clip_to(found, image)\n}\noutput found, names",
)


def compiled(text: str) -> Pipeline:
    found = check(Source("t.proc", text), find=lambda *_: "0" * 64)
    assert found.pipeline is not None, [(d.code, d.found) for d in found.diagnostics]
    return found.pipeline


def planned(pipeline: Pipeline, refused: str = "", keep: tuple[str, ...] = ()) -> Plan:
    """A plan for a target that holds all but one op."""
    return plan(
        pipeline,
        "toy",
        "none",
        lambda step, given: f"no {refused}" if step.op.name == refused else "",
        kept(pipeline, keep),
    )


def places(found: Plan) -> str:
    """`hhmm mh`: the places of `pre`, and of `post`."""
    blocks = (
        "".join(s.place[0] for s in found.steps if s.block == block) for block in ("pre", "post")
    )
    return " ".join(blocks)


def of(text: str, refused: str = "", keep: tuple[str, ...] = ()) -> tuple[Plan, Halves]:
    pipeline = compiled(text)
    found = planned(pipeline, refused, keep)
    return found, halves(pipeline, found)


def crossing(found: Halves) -> tuple[list[str], list[str]]:
    return [v.name for v in found.file.inputs], [v.name for v in found.file.outputs]
