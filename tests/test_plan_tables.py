"""The table of `procdsl plan`, as it is printed, for pipelines of every form."""

# ruff: noqa: E501 - rows as they are printed

from __future__ import annotations

import pytest
from pipelines import TWO
from planning import CLIP, DECODED, MIDDLE, TILED, compiled

from procdsl.bake.target import target
from procdsl.cli.plan_command import lines
from procdsl.plan.keep import kept
from procdsl.plan.places import plan

TABLES = {
    "an extern in the middle": (
        MIDDLE,
        (),
        """
step                                            place  reason
pre.1   convert(rgb)                            host   before `denoise`, which is on the host
pre.2   denoise()                               host   Python of your own: shop.filters:denoise
pre.3   resize(h=16, w=24, sampler=cv2.linear)  model  exact
pre.4   to_float(scale=1/255)                   model  exact
pre.5   layout(c, h, w)                         model  exact
post.1  p = softmax(logits, over=class)         model  within 6e-08
post.2  order = rank(logits)                    host   Python of your own: shop.filters:rank
post.3  best = argmax(p, over=class)            model  exact

takes  after_denoise: u8[h, w, c=3] rgb
gives  best: i64[] ids 0..3
       p: f32[class=4] probabilities
       logits: f32[class=4]
""",
    ),
    "decode first": (
        DECODED,
        (),
        """
step                                                           place  reason
pre.1   decode(bgr, by=cv2, exif=apply, alpha=drop, depth=u8)  host   files are decoded by the library that the step names
pre.2   resize(h=16, w=24, sampler=cv2.linear)                 model  exact
post.1  boxes = back_to(boxes, photo)                          model  exact

takes  after_decode: u8[h, w, c=3] bgr
gives  boxes: f32[n, box=4] boxes(xyxy, pixels)
""",
    ),
    "decode first, and a resize that is kept": (
        DECODED,
        ("resize",),
        """
step                                                           place  reason
pre.1   decode(bgr, by=cv2, exif=apply, alpha=drop, depth=u8)  host   files are decoded by the library that the step names
pre.2   resize(h=16, w=24, sampler=cv2.linear)                 host   kept
post.1  boxes = back_to(boxes, photo)                          model  exact

takes  x: u8[h=16, w=24, c=3] bgr
       photo_size: i64[side=2]
gives  boxes: f32[n, box=4] boxes(xyxy, pixels)
""",
    ),
    "two inputs": (
        TWO,
        (),
        """
step                                   place  reason
pre.1   a = flip(left, horizontal)     model  exact
pre.2   b = clip(right, min=0, max=1)  model  exact
post.1  best = argmax(y, over=n)       model  exact
post.2  boxes = back_to(found, left)   model  exact
post.3  boxes = clip_to(boxes, left)   model  exact

takes  left: u8[h, w] gray
       right: f32[h, w]
gives  best: i64[] ids 0..1
       boxes: f32[anchor=5, box=4] boxes(xyxy, pixels)
""",
    ),
    "two inputs, of which one is changed on the host": (
        TWO,
        ("flip",),
        """
step                                   place  reason
pre.1   a = flip(left, horizontal)     host   kept
pre.2   b = clip(right, min=0, max=1)  model  exact
post.1  best = argmax(y, over=n)       model  exact
post.2  boxes = back_to(found, left)   model  exact
post.3  boxes = clip_to(boxes, left)   model  exact

takes  right: f32[h, w]
       a: u8[h, w] gray
       left_size: i64[side=2]
gives  best: i64[] ids 0..1
       boxes: f32[anchor=5, box=4] boxes(xyxy, pixels)
""",
    ),
    "a clip": (
        CLIP,
        (),
        """
step                                          place  reason
pre.1   resize(short=28, sampler=cv2.linear)  host   before `steady`, which is on the host
pre.2   steady()                              host   Python of your own: shop.filters:steady
pre.3   crop(center, h=24, w=24)              model  exact
pre.4   to_float(scale=1/255)                 model  exact
pre.5   layout(c, t, h, w)                    model  exact
post.1  label = argmax(logits, over=class)    model  exact

takes  after_steady: u8[t, h, w, c=3] rgb
gives  label: i64[] ids 0..3
""",
    ),
    "tiles": (
        TILED,
        (),
        """
step                                                                  place  reason
pre.1   flip(horizontal)                                              model  exact
pre.2   tile(h=16, w=20, overlap=4, last=shifted)                     model  exact
pre.3   to_float(scale=1/255)                                         model  exact
post.1  boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)       model  exact
post.2  boxes, scores = untile_boxes(boxes, scores, image)            model  exact
post.3  found = nms(boxes, scores, score=0.25, iou=0.45, per=clas...  model  exact
post.4  found = back_to(found, image)                                 model  exact

takes  image: u8[h, w, c=3] bgr
gives  found.boxes: f32[found, box=4] boxes(xyxy, pixels)
       found.scores: f32[found] scores
       found.classes: i64[found] ids 0..2
       found.counts: i64[]
""",
    ),
    "tiles that are cut on the host": (
        TILED,
        ("tile",),
        """
step                                                                  place  reason
pre.1   flip(horizontal)                                              host   before `tile`, which is on the host
pre.2   tile(h=16, w=20, overlap=4, last=shifted)                     host   kept
pre.3   to_float(scale=1/255)                                         model  exact
post.1  boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)       model  exact
post.2  boxes, scores = untile_boxes(boxes, scores, image)            model  exact
post.3  found = nms(boxes, scores, score=0.25, iou=0.45, per=clas...  model  exact
post.4  found = back_to(found, image)                                 model  exact

takes  after_tile: u8[tile, h=16, w=20, c=3] bgr
       image_size: i64[side=2]
gives  found.boxes: f32[found, box=4] boxes(xyxy, pixels)
       found.scores: f32[found] scores
       found.classes: i64[found] ids 0..2
       found.counts: i64[]
""",
    ),
}
"""A pipeline, what is kept, and the table."""


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("to", ["onnx", "torchscript"])
def test_the_whole_table(name: str, to: str) -> None:
    text, keep, wanted = TABLES[name]
    pipeline, into = compiled(text), target(to)
    runtime = into.runtimes[0]
    found = plan(
        pipeline,
        to,
        runtime,
        lambda step, given: into.why_not(step, runtime, given),
        kept(pipeline, keep),
    )
    assert "\n".join(lines(pipeline, found)) == wanted.strip("\n")
