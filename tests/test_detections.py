"""What people do with detections, with the numbers that must come out, on every backend."""

from __future__ import annotations

import numpy as np
import pytest
from support import BACKENDS, build, run_post

HEAD = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {{
    letterbox(h=640, w=640, fill=114, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h=640, w=640] rgb
    -> {outputs}
post {{
    {post}
}}
output {names}
"""
SIZE = [(480, 640)]
RULE = "iou=0.5, per=class, limit=100"


@pytest.mark.parametrize("backend", BACKENDS)
def test_logits_become_scores_and_boxes_go_back(backend: str) -> None:
    """RetinaNet, FCOS: two of three boxes are one object; 640 x 480 stands 80 pixels down."""
    text = HEAD.format(
        outputs="b: f32[anchor=9, box=4] boxes(xyxy, pixels), y: f32[anchor=9, class=80] logits",
        post=f"s = sigmoid(y)\n    found = nms(b, s, score=0.3, {RULE})\n"
        "    found = back_to(found, image)",
        names="found",
    )
    boxes, logits = np.zeros((9, 4), np.float32), np.full((9, 80), -9, np.float32)
    boxes[:3] = [(100, 200, 300, 400), (102, 200, 300, 400), (10, 200, 50, 300)]
    logits[0, 7], logits[1, 7], logits[2, 4], logits[3, 5] = 3, 2, 0, -1
    module = build(text, [backend]).modules[backend]
    found = run_post(module, {"b": boxes, "y": logits}, SIZE)["found"]
    np.testing.assert_array_equal(found["classes"], [7, 4])
    np.testing.assert_allclose(found["scores"], [1 / (1 + np.exp(-3)), 0.5], rtol=1e-6)
    np.testing.assert_array_equal(found["boxes"], [(100, 120, 300, 320), (10, 120, 50, 220)])


@pytest.mark.parametrize("backend", BACKENDS)
def test_names_of_what_is_found(backend: str) -> None:
    text = HEAD.format(
        outputs="raw: f32[feature=7, anchor=9]",
        post=f"b, s = decode_yolo(raw, classes=3, box=cxcywh)\n"
        f"    found = nms(b, s, score=0.25, {RULE})\n    found = back_to(found, image)\n"
        '    names = lookup(found.classes, table=("cat", "dog", "bird"))',
        names="found, names",
    )
    raw = np.zeros((7, 9), np.float32)
    raw[:4, 0], raw[6, 0] = (320, 320, 50, 50), 0.9
    raw[:4, 5], raw[4, 5] = (100, 320, 50, 50), 0.8
    module = build(text, [backend]).modules[backend]
    assert run_post(module, {"raw": raw}, SIZE)["names"] == ["bird", "cat"]
    assert run_post(module, {"raw": raw * 0}, SIZE)["names"] == []


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("count", [0, 3])
def test_one_score_a_box_and_no_bound(backend: str, count: int) -> None:
    """The best first, whatever their score; of no boxes there are none."""
    text = HEAD.format(
        outputs="b: f32[n, box=4] boxes(xyxy, pixels), s: f32[n] scores",
        post=f"found = nms(b, s, {RULE})\n    found = back_to(found, image)",
        names="found",
    )
    boxes = np.array([(0, 0, 9, 9), (20, 20, 29, 29), (40, 0, 49, 9)], np.float32)[:count]
    scores = np.array([0.001, 0.6, -1], np.float32)[:count]
    module = build(text, [backend]).modules[backend]
    found = run_post(module, {"b": boxes, "s": scores}, SIZE)["found"]
    np.testing.assert_array_equal(found["scores"], scores[[1, 0, 2]] if count else [])
    np.testing.assert_array_equal(found["classes"], [0, 0, 0][:count])
    assert found["boxes"].shape == (count, 4)
