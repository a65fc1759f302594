"""Rotated boxes, and boxes that are picked in turn: what overlaps, and what becomes of scores."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import torch
from onnx_kernels import call_of, run
from support import BACKENDS, build, run_post, same

from kernels.boxes.cosine_sine_numpy import cosine_sine
from kernels.boxes.in_turn_numpy import in_turn
from kernels.boxes.in_turn_torch import in_turn as in_turn_of_tensors
from kernels.boxes.in_turn_torch import rounds_in_graph
from kernels.boxes.rotated_shares_numpy import polygon_shares, probiou_shares
from procdsl.checker.check import check
from procdsl.source import Source

Points = list[tuple[float, float]]


def corners(box: np.ndarray) -> Points:
    cx, cy, w, h, angle = (float(n) for n in box)
    c, s = np.cos(angle), np.sin(angle)
    offsets = ((w / 2, h / 2), (-w / 2, h / 2), (-w / 2, -h / 2), (w / 2, -h / 2))
    return [(cx + x * c - y * s, cy + x * s + y * c) for x, y in offsets]


def clipped(polygon: Points, a: tuple[float, float], b: tuple[float, float]) -> Points:
    """What of a polygon lies to the left of a line (Sutherland and Hodgman, 1974)."""
    found: Points = []

    def side(p: tuple[float, float]) -> float:
        return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])

    for p, q in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        d, e = side(p), side(q)
        if d >= 0:
            found.append(p)
        if d * e < 0:
            t = d / (d - e)
            found.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return found


def area(polygon: Points) -> float:
    pairs = zip(polygon, polygon[1:] + polygon[:1], strict=True)
    return abs(sum(p[0] * q[1] - p[1] * q[0] for p, q in pairs)) / 2


def iou_by_clipping(one: np.ndarray, other: np.ndarray) -> float:
    left, right = corners(one), corners(other)
    for a, b in zip(right, right[1:] + right[:1], strict=True):
        left = clipped(left, a, b) if left else left
    both = area(left) if left else 0.0
    return both / (float(one[2]) * float(one[3]) + float(other[2]) * float(other[3]) - both)


def drawn(n: int, seed: int) -> np.ndarray:
    """Rotated boxes that overlap; some are equal, upright, turned by right angles, or very thin."""
    rng = np.random.default_rng(seed)
    boxes = np.concatenate(
        [rng.normal(50, 12, (n, 2)), rng.uniform(0.5, 40, (n, 2)), rng.normal(0, 3, (n, 1))], 1
    )
    boxes[: n // 5, 4] = rng.integers(-4, 5, n // 5) * np.pi / 2
    boxes[: n // 5, :4] = boxes[: n // 5, :4].round() + 1
    boxes[n // 5 : n // 4, 2] = 1e-3
    boxes[-(n // 8) :] = boxes[: n // 8]
    return boxes.astype(np.float32)


def test_shares_are_those_of_clipped_polygons() -> None:
    boxes = drawn(80, 1)
    for i, box in enumerate(boxes):
        wanted = [iou_by_clipping(box, other) for other in boxes]
        found = polygon_shares(box, boxes)
        np.testing.assert_allclose(found, wanted, atol=2e-6)
        assert found[i] == pytest.approx(1, abs=1e-6)


def test_shares_of_boxes_that_touch_meet_or_contain() -> None:
    one = np.array([10, 10, 4, 4, 0], np.float32)
    others = np.array(
        [
            (14, 10, 4, 4, 0),
            (14, 14, 4, 4, 0),
            (10, 10, 2, 2, 0),
            (10, 10, 4, 4, np.pi / 2),
            (10, 10, 40, 40, 1),
            (12, 10, 4, 4, 0),
            (100, 10, 4, 4, 0),
            (10, 10, 0, 4, 0),
            (10, 10, -4, 4, 0),
            (10, 10, 4, 4, np.nan),
            (10, np.inf, 4, 4, 0),
            (10, 10, 3e38, 3e38, 0),
        ],
        np.float32,
    )
    wanted = [0, 0, 0.25, 1, 0.01, 1 / 3, 0, 0, 0, 0, 0, 0]
    np.testing.assert_allclose(polygon_shares(one, others), wanted, atol=1e-6)
    assert not polygon_shares(others[9], others).any()
    assert not probiou_shares(one, others)[7:11].any()


def test_probiou_is_that_of_gaussians() -> None:
    """The Bhattacharyya coefficient by its integral over a fine grid."""
    rng = np.random.default_rng(3)
    ys, xs = np.mgrid[-60:60:481j, -60:60:481j]
    for _ in range(6):
        boxes = np.concatenate(
            [rng.normal(0, 5, (2, 2)), rng.uniform(8, 30, (2, 2)), rng.normal(0, 2, (2, 1))], 1
        ).astype(np.float32)
        densities = []
        for cx, cy, w, h, angle in boxes.astype(np.float64):
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            spread = turn @ np.diag([w * w / 12, h * h / 12]) @ turn.T
            inverse, d = np.linalg.inv(spread), np.stack([xs - cx, ys - cy], -1)
            power = np.einsum("...i,ij,...j", d, inverse, d)
            densities.append(np.exp(-power / 2) / (2 * np.pi * np.sqrt(np.linalg.det(spread))))
        coefficient = np.sqrt(densities[0] * densities[1]).sum() * 0.25**2
        wanted = 1 - np.sqrt(1 - coefficient)
        assert probiou_shares(boxes[0], boxes)[1] == pytest.approx(wanted, abs=1e-4)


def test_cosine_and_sine() -> None:
    angles = np.concatenate(
        [np.random.default_rng(0).normal(0, 50, 9999), np.arange(-99, 99) * np.pi / 4, [1e5, -1e5]]
    )
    for x, y in zip(cosine_sine(angles), (np.cos(angles), np.sin(angles)), strict=True):
        np.testing.assert_allclose(x, y, atol=4e-16)
    assert np.isnan(cosine_sine(np.array([np.nan, np.inf, 1.01e5]))).all()


MEASURES = [
    ("polygon", 0, 1.0),
    ("polygon", 0.3, 1.0),
    ("probiou", 0.4, 1.0),
    ("linear", 0.3, 1.0),
    ("gaussian", 0, 0.5),
]
BOUNDS: list[Any] = [
    (score, per_class, limit, every_label, candidates)
    for score, limit, candidates in ((0.25, 30, None), (0.1, 4, 25), (float("-inf"), 50, None))
    for per_class in (True, False)
    for every_label in (True, False)
]


def samples(measure: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Four samples with ties, NaN and infinities, and boxes that are none."""
    rng = np.random.default_rng(seed)
    boxes = drawn(4 * 40, seed).reshape(4, 40, 5)
    if measure in ("linear", "gaussian"):
        boxes = np.concatenate([boxes[..., :2], boxes[..., :2] + boxes[..., 2:4]], -1).round()
    scores = (rng.integers(0, 9, (4, 40, 3)) / np.float32(8)).astype(np.float32)
    places = rng.random(boxes[1].shape) < 0.1
    boxes[1][places] = rng.choice([np.nan, np.inf, -np.inf, 0, 3e38], places.sum())
    scores[2, 4:20] = np.nan
    scores[3] = -np.inf
    return boxes, scores


@pytest.mark.parametrize(("measure", "bound", "sigma"), MEASURES)
def test_rounds_in_tensors_and_in_graphs(measure: str, bound: float, sigma: float) -> None:
    """torch and ONNX: what numpy picks, of each sample of a batch."""
    boxes, scores = samples(measure, 5)
    given = {"boxes": boxes, "scores": scores}
    off = 3e-6 if measure == "gaussian" else 0
    for score, per_class, limit, every_label, candidates in BOUNDS:
        rule = (None, score, measure, bound, sigma, per_class, limit, every_label, candidates)
        found = run(call_of("in_turn", *rule), given)
        tensors = in_turn_of_tensors(torch.from_numpy(boxes), torch.from_numpy(scores), *rule)
        for i in range(4):
            rows, columns, values = in_turn(boxes[i], scores[i], *rule)
            wanted = boxes[i][rows], values, columns, rows
            for x, z, y in zip(found[:4], tensors[:4], wanted, strict=True):
                for of in (x[i], z[i].numpy()):
                    same(of[: len(rows)], y, off * (y is values), f"{rule}, sample {i}")
                    assert not of[len(rows) :].any()
            assert found[4][i] == tensors[4][i] == len(rows)


@pytest.mark.parametrize("measure", ["polygon", "gaussian"])
def test_the_loop_of_a_graph(measure: str) -> None:
    boxes, scores = (torch.from_numpy(x) for x in samples(measure, 6))
    values = torch.where(scores[..., 0] > 0.2, scores[..., 0], float("-inf"))
    labels = torch.zeros((4, 40), dtype=torch.int64)
    empty = torch.zeros((4, 9), dtype=torch.int64), torch.zeros((4, 9)), torch.zeros(4).long()
    found = rounds_in_graph(boxes, labels, values, *empty, 0.2, measure, 0.3, 0.5, False)
    rule = (None, 0.2, measure, 0.3, 0.5, False, 9, False, None)
    wanted = in_turn_of_tensors(boxes, scores[..., :1], *rule)
    room = wanted[3].shape[1]
    assert torch.equal(found[2], wanted[4])
    assert int(found[2].max()) > 2
    for i, count in enumerate(wanted[4].tolist()):
        assert torch.equal(found[0][i, :count], wanted[3][i, :count])
        assert torch.equal(found[1][i, :room], wanted[1][i])


def softened(boxes: np.ndarray, scores: np.ndarray, weight: Any) -> list[tuple[int, float]]:
    """The pseudo code of Soft-NMS (Bodla et al., 2017, figure 3), in Python's floats."""
    left = {i: float(s) for i, s in enumerate(scores)}
    found = []
    while left:
        best = max(left, key=lambda i: (left[i], -i))
        found.append((best, left.pop(best)))
        x1, y1, x2, y2 = map(float, boxes[best])
        for i in left:
            a1, b1, a2, b2 = map(float, boxes[i])
            w, h = max(0.0, min(x2, a2) - max(x1, a1)), max(0.0, min(y2, b2) - max(y1, b1))
            union = (x2 - x1) * (y2 - y1) + (a2 - a1) * (b2 - b1) - w * h
            left[i] *= weight(w * h / union)
    return found


@pytest.mark.parametrize("by", ["linear, iou=0.3", "gaussian, sigma=0.5"])
def test_scores_are_lowered(by: str) -> None:
    rng = np.random.default_rng(2)
    corner = rng.uniform(0, 40, (30, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(5, 30, (30, 2))], 1).astype(np.float32)
    scores = rng.random(30, np.float32)
    text = (
        "proc 1\npipeline p\nmodel x: f32[n=1] -> b: f32[n=30, box=4] boxes, s: f32[n=30] scores\n"
        f"post {{\n    found = soft_nms(b, s, by={by}, score=0.1, per=all, limit=30, indices=true)"
        "\n}\noutput found\n"
    )

    def weight(iou: float) -> float:
        if by.startswith("gaussian"):
            return float(np.exp(-(iou**2) / 0.5))
        return 1 - iou if iou > 0.3 else 1.0

    wanted = [(i, score) for i, score in softened(boxes, scores, weight) if score > 0.1]
    assert 3 < len(wanted) < 30
    for backend, module in build(text).modules.items():
        found = run_post(module, {"b": boxes, "s": scores}, [])["found"]
        assert found["indices"].tolist() == [i for i, _ in wanted], backend
        np.testing.assert_allclose(found["scores"], [score for _, score in wanted], rtol=1e-5)


ROTATED = """proc 1
pipeline p
model x: f32[n=1] -> b: f32[n, box=5] rotated_boxes(cxcywh, radians), s: f32[n] scores
post {
    found = nms_rotated(b, s, by=polygon, score=0.5, iou=0.3, per=all, limit=50)
    found = polygons(found)
}
output found
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_many_rows_take_bounded_time(backend: str) -> None:
    """Of 100,000 rows, all of one score, the best few: rounds over those that are left."""
    rng = np.random.default_rng(4)
    boxes = np.concatenate(
        [
            rng.uniform(0, 3000, (100_000, 2)),
            rng.uniform(5, 60, (100_000, 2)),
            rng.normal(0, 1, (100_000, 1)),
        ],
        1,
    ).astype(np.float32)
    module = build(ROTATED.replace("limit=50", "limit=9"), [backend]).modules[backend]
    start = time.process_time()
    found = run_post(module, {"b": boxes, "s": np.full(100_000, 0.75, np.float32)}, [])["found"]
    assert time.process_time() - start < 30
    assert found["boxes"].shape == (9, 4, 2)
    np.testing.assert_allclose(found["boxes"][0].mean(0), boxes[0, :2], atol=1e-3)
    for scores in (np.full(100, 0.5, np.float32), np.full(100, np.nan, np.float32)):
        none = run_post(module, {"b": boxes[:100], "s": scores}, [])["found"]
        assert none["boxes"].shape == (0, 4, 2)


@pytest.mark.parametrize(
    ("steps", "code", "said"),
    [
        ("f = nms(b, s, iou=0.5, per=all, limit=9)", "E319", "`nms` works on boxes"),
        ("f = back_to(b, image)", "E319", "`corners = polygons(...)` of them comes before"),
        ("f = nms_rotated(s, b, by=polygon, iou=0.5, per=all, limit=9)", "E319", "rotated boxes"),
        ("f = nms_rotated(b, s, by=polygon, iou=1.5, per=all, limit=9)", "E211", "from 0 to 1"),
        ("f = nms_rotated(b, s, by=area, iou=0.5, per=all, limit=9)", "E205", "probiou"),
        ("f = nms_rotated(b, s, by=polygon, iou=0.5, per=all, limit=9)", "E317", "polygons(f)"),
        ("f = soft_nms(c, s, by=linear, per=all, limit=9)", "E209", "by=linear, iou=0.3"),
        ("f = soft_nms(c, s, by=linear, iou=1, sigma=1, per=all, limit=9)", "E214", "`iou` alone"),
        ("f, t = decode_obb(raw, classes=4)", "E307", "[feature=9, anchor]"),
    ],
)
def test_what_does_not_fit(steps: str, code: str, said: str) -> None:
    text = (
        "proc 1\npipeline p\ninput image: u8[h, w, c=3] rgb\n"
        "pre {\n    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)\n}\n"
        "model x: u8[h=64, w=64, c=3] rgb -> b: f32[n=7, box=5] rotated_boxes(cxcywh, radians), "
        "s: f32[n=7] scores, c: f32[n=7, box=4] boxes(xyxy, pixels), raw: f32[feature=8, n=7]\n"
        f"post {{\n    {steps}\n}}\noutput f\n"
    )
    diagnostics = check(Source("p.proc", text)).diagnostics
    found = [d for d in diagnostics if d.code == code]
    assert found, diagnostics
    assert said in f"{found[0].message} {found[0].wanted} {found[0].help}"


def test_corners_of_what_is_found_go_back() -> None:
    text = ROTATED.replace(
        "model x: f32[n=1]",
        "input image: u8[h, w, c=3] rgb\npre {\n    letterbox(h=64, w=64, fill=114, "
        "sampler=cv2.linear)\n}\nmodel x: u8[h=64, w=64, c=3] rgb",
    ).replace("polygons(found)\n", "polygons(found)\n    found = back_to(found, image)\n")
    given = {
        "b": np.array([(32, 32, 20, 10, np.pi / 6)], np.float32),
        "s": np.array([0.9], np.float32),
    }
    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    half = np.array([[10 * c - 5 * s, 10 * s + 5 * c], [10 * c + 5 * s, 10 * s - 5 * c]])
    wanted = np.concatenate([half, -half]) * 2 + np.array([64, 32])
    for backend, module in build(text).modules.items():
        found = run_post(module, given, [(64, 128)])["found"]
        np.testing.assert_allclose(found["boxes"][0], wanted, atol=1e-4, err_msg=backend)
