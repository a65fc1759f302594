"""Detector heads: objects come back where they were drawn, with what else is said of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support import BACKENDS, build, run_post

from procdsl.checker.check import check
from procdsl.source import Source

HEAD = """proc 1
pipeline p
input image: u8[h, w, c=3] bgr
pre {{
    letterbox(h=640, w=640, fill=114, sampler=cv2.linear)
    convert(rgb)
    to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h=640, w=640] rgb
    -> {outputs}
post {{
    {post}
    found = back_to(found, image)
}}
output {names}
"""
SIZE = (480, 960)
OBJECTS = np.array([(100, 60, 220, 300), (500, 90, 900, 400), (30, 20, 60, 470)], np.float32)
"""Boxes in the picture, of the classes and with the scores that follow."""
CLASSES, SCORES = np.array([2, 0, 1]), np.array([0.9, 0.8, 0.7], np.float32)


def in_letterbox(boxes: np.ndarray) -> np.ndarray:
    """Boxes of a picture of 480 x 960 in the letterbox of 640: two thirds, 160 rows down."""
    return boxes * np.float32(2 / 3) + np.array([0, 160, 0, 160], np.float32)


def centres(corners: np.ndarray) -> np.ndarray:
    x1, y1, x2, y2 = corners.T
    return np.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1])


def answers(backend: str, text: str, outputs: dict[str, np.ndarray]) -> dict[str, Any]:
    return run_post(build(text, [backend]).modules[backend], outputs, [SIZE])


def assert_found(found: dict[str, np.ndarray], order: list[int] | None = None) -> None:
    """The objects, best first."""
    of = [0, 1, 2] if order is None else order
    np.testing.assert_allclose(found["boxes"], OBJECTS[of], atol=1e-3)
    np.testing.assert_array_equal(found["classes"], CLASSES[of])
    np.testing.assert_allclose(found["scores"], SCORES[of], rtol=1e-6)


def yolo(feature: int, first: int) -> np.ndarray:
    """A head in which each object is found twice: at anchors 7, 17, 27, and worse behind them."""
    raw = np.zeros((feature, 8400), np.float32)
    for i, box in enumerate(in_letterbox(OBJECTS)):
        for j, share in ((7 + 10 * i, 1), (8 + 10 * i, 0.5)):
            raw[:4, j] = centres(box[None])[:, 0]
            raw[first + CLASSES[i], j] = SCORES[i] * np.float32(share)
    return raw


RULE = "score=0.25, iou=0.45, per=class, limit=300"


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("extra", [1, 32, 51])
def test_what_stands_behind_the_classes_is_no_score(backend: str, extra: int) -> None:
    """YOLOv8 of key points, masks, turned boxes: large numbers in the rows that are no classes."""
    text = HEAD.format(
        outputs=f"raw: f32[feature={7 + extra}, anchor=8400]",
        post=f"boxes, scores, rest = decode_yolo(raw, classes=3, box=cxcywh, extra={extra})\n"
        f"    found = nms(boxes, scores, {RULE}, indices=true)",
        names="found, rest",
    )
    raw = yolo(7 + extra, first=4)
    raw[7:] = np.arange(8400)
    got = answers(backend, text, {"raw": raw})
    assert_found(got["found"])
    np.testing.assert_array_equal(got["found"]["indices"], [7, 17, 27])
    assert got["rest"].shape == (8400, extra)
    np.testing.assert_array_equal(got["rest"][got["found"]["indices"], -1], [7, 17, 27])


@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_of_objects_times_classes(backend: str) -> None:
    """YOLOv5 and v7: anchors first, an objectness before the classes."""
    text = HEAD.format(
        outputs="raw: f32[anchor=8400, feature=8]",
        post="raw = layout(raw, feature, anchor)\n"
        "    boxes, scores = decode_yolo(raw, classes=3, box=cxcywh, objectness=true)\n"
        f"    found = nms(boxes, scores, {RULE})",
        names="found",
    )
    raw = yolo(8, first=5)
    raw[4] = 0.01
    raw[4, [7, 8, 17, 18, 27, 28]] = 0.5
    raw[5:, [7, 8, 17, 18, 27, 28]] *= 2
    raw[5, 4000] = 1
    assert_found(answers(backend, text, {"raw": raw.T.copy()})["found"])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("labels", ["best", "every"])
def test_queries_of_a_transformer(backend: str, labels: str) -> None:
    """DETR and RT-DETR: centres in 0..1, no boxes that overlap are dropped."""
    text = HEAD.format(
        outputs="boxes: f32[query=300, box=4] boxes(cxcywh, unit), y: f32[query=300, class=3] "
        "logits",
        post="boxes = convert_boxes(boxes, xyxy, pixels)\n    scores = sigmoid(y)\n"
        f"    found = above(boxes, scores, score=0.5, limit=300, labels={labels}, indices=true)",
        names="found",
    )
    boxes, logits = np.full((300, 4), 0.1, np.float32), np.full((300, 3), -5, np.float32)
    boxes[[40, 9, 200]] = centres(in_letterbox(OBJECTS)).T / 640
    logits[[40, 9, 200], CLASSES] = np.log(SCORES / (1 - SCORES))
    found = answers(backend, text, {"boxes": boxes, "y": logits})["found"]
    assert_found(found)
    np.testing.assert_array_equal(found["indices"], [40, 9, 200])
    logits[9, 1] = 9  # the same box as another class
    again = answers(backend, text, {"boxes": boxes, "y": logits})["found"]
    assert again["classes"].tolist() == ([1, 2, 1] if labels == "best" else [1, 2, 0, 1])


@pytest.mark.parametrize("backend", BACKENDS)
def test_rows_of_six(backend: str) -> None:
    """An end-to-end YOLOv10: rows best first, and empty ones behind."""
    text = HEAD.format(
        outputs="raw: f32[anchor=300, row=6]",
        post="boxes, scores, classes = decode_rows(raw, classes=3, box=xyxy)\n"
        "    found = above(boxes, scores, classes, score=0.25, limit=300)",
        names="found",
    )
    raw = np.zeros((300, 6), np.float32)
    raw[:3] = np.column_stack([in_letterbox(OBJECTS), SCORES, CLASSES])
    raw[3:, 4] = 0.25
    assert_found(answers(backend, text, {"raw": raw})["found"])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("step", ["nms(b, s, i, iou=0.5, per=class, ", "above(b, s, i, "])
def test_one_score_a_box_with_its_class_beside_it(backend: str, step: str) -> None:
    text = HEAD.format(
        outputs="b: f32[n, box=4] boxes(xyxy, pixels), s: f32[n] scores, i: i64[n] ids",
        post=f"found = {step}score=0.25, limit=9)",
        names="found",
    )
    given = {"b": in_letterbox(OBJECTS), "s": SCORES, "i": CLASSES}
    assert_found(answers(backend, text, given)["found"])
    none = {name: value[:0] for name, value in given.items()}
    assert answers(backend, text, none)["found"]["boxes"].shape == (0, 4)


def test_limits_before_and_of_each_class() -> None:
    """Of five boxes apart the best four take part, and of a class two stay."""
    text = HEAD.format(
        outputs="b: f32[n=5, box=4] boxes(xyxy, pixels), s: f32[n=5] scores, i: i64[n=5] ids",
        post="found = nms(b, s, i, iou=0.5, per=class, limit=9, candidates=4, limit_per_class=2, "
        "indices=true)",
        names="found",
    )
    boxes = np.arange(5, dtype=np.float32)[:, None] * 50 + np.array([0, 0, 9, 9], np.float32)
    scores = np.array([0.5, 0.9, 0.8, 0.7, 0.1], np.float32)
    ids = np.array([3, 3, 3, 3, 8])
    for backend in BACKENDS:
        found = answers(backend, text, {"b": boxes, "s": scores, "i": ids})["found"]
        assert found["indices"].tolist() == [1, 2], backend
    with_all = text.replace(", limit_per_class=2", "").replace(", candidates=4", "")
    found = answers("numpy", with_all, {"b": boxes, "s": scores, "i": ids})["found"]
    assert found["indices"].tolist() == [1, 2, 3, 0, 4]


def by_yolox(raw: np.ndarray, size: int) -> np.ndarray:
    """The lines of `decode_outputs` in Megvii's YOLOX, on [anchor, feature]."""
    grids, strides = [], []
    for side in (8, 16, 32):
        yv, xv = np.meshgrid(np.arange(size // side), np.arange(size // side), indexing="ij")
        grids.append(np.stack((xv, yv), 2).reshape(-1, 2))
        strides.append(np.full((len(grids[-1]), 1), side))
    grid, stride = np.concatenate(grids), np.concatenate(strides)
    return np.concatenate([(raw[:, :2] + grid) * stride, np.exp(raw[:, 2:4]) * stride], axis=1)


@pytest.mark.parametrize("backend", BACKENDS)
def test_boxes_on_grids(backend: str) -> None:
    """YOLOX: each object at the place of a level where its centre lies, as in training."""
    text = HEAD.format(
        outputs="raw: f32[anchor=8400, feature=8]",
        post="raw = layout(raw, feature, anchor)\n"
        "    boxes, scores = decode_yolox(raw, classes=3, strides=(8, 16, 32))\n"
        f"    found = nms(boxes, scores, {RULE})",
        names="found, boxes",
    ).replace(
        "    found = back_to(found, image)\n",
        "    found = back_to(found, image)\n    boxes = back_to(boxes, image)\n",
    )
    raw = np.random.default_rng(0).normal(0, 0.5, (8400, 8)).astype(np.float32)
    raw[:, 4:] = 0.1
    for box, label, score, stride, first in zip(
        centres(in_letterbox(OBJECTS)).T, CLASSES, SCORES, (8, 16, 32), (0, 6400, 8000), strict=True
    ):
        column, row = (box[:2] // stride).astype(int)
        at = first + row * (640 // stride) + column
        raw[at, :2] = box[:2] / stride - (column, row)
        raw[at, 2:4] = np.log(box[2:] / stride)
        raw[at, 4], raw[at, 5 + label] = 0.95, score / np.float32(0.95)
    got = answers(backend, text, {"raw": raw})
    assert_found(got["found"])
    x, y, w, h = by_yolox(raw.astype(np.float64), 640).T
    wanted = np.stack([x - w / 2, y - h / 2 - 160, x + w / 2, y + h / 2 - 160], -1) * 1.5
    np.testing.assert_allclose(got["boxes"], wanted, rtol=1e-5, atol=1e-2)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("unit", "offset"), [("pixels", 0.5), ("strides", 0.5), ("strides", 0)])
def test_distances_from_points(backend: str, unit: str, offset: float) -> None:
    """FCOS, NanoDet, RTMDet: each object from a point of a level that lies in it."""
    text = HEAD.format(
        outputs="d: f32[anchor=8400, box=4], y: f32[anchor=8400, class=3] logits",
        post=f"b = decode_ltrb(d, strides=(8, 16, 32), offset={offset}, unit={unit})\n"
        f"    s = sigmoid(y)\n    found = nms(b, s, {RULE})",
        names="found",
    )
    distances, logits = np.ones((8400, 4), np.float32), np.full((8400, 3), -5, np.float32)
    for (x1, y1, x2, y2), label, score, stride, first in zip(
        in_letterbox(OBJECTS), CLASSES, SCORES, (8, 16, 32), (0, 6400, 8000), strict=True
    ):
        column, row = int((x1 + x2) / 2 / stride), int((y1 + y2) / 2 / stride)
        x, y = (column + offset) * stride, (row + offset) * stride
        at = first + row * (640 // stride) + column
        distances[at] = np.array([x - x1, y - y1, x2 - x, y2 - y])
        distances[at] /= stride if unit == "strides" else 1
        logits[at, label] = np.log(score / (1 - score))
    assert_found(answers(backend, text, {"d": distances, "y": logits})["found"])


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("strides=(8, 16, 32)", "strides=(8, 16)", "E307"),
        ("strides=(8, 16, 32)", "strides=(8, 16, 33)", "E211"),
        ("letterbox(h=640, w=640, fill=114", "resize(short=640", "E318"),
        ("classes=3", "classes=4", "E307"),
    ],
)
def test_grids_that_do_not_fit(before: str, after: str, code: str) -> None:
    text = HEAD.format(
        outputs="raw: f32[feature=8, anchor=8400]",
        post="boxes, scores = decode_yolox(raw, classes=3, strides=(8, 16, 32))\n"
        f"    found = nms(boxes, scores, {RULE})",
        names="found",
    ).replace(before, after)
    if code == "E318":
        text = text.replace("x: f32[c=3, h=640, w=640]", "x: f32[c=3, h, w]")
    assert [d.code for d in check(Source("p.proc", text)).diagnostics] == [code]
