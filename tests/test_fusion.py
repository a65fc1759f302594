"""`weighted_boxes_fusion`: what overlaps becomes one box, on every backend and in graphs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from onnx_kernels import call_of, run
from support import build, run_post, same

from kernels.boxes.fused_boxes_numpy import fused_boxes
from kernels.boxes.fused_boxes_torch import fused_boxes as fused_of_tensors
from kernels.boxes.fused_boxes_torch import fused_in_graph
from procdsl.checker.check import check
from procdsl.source import Source

TEXT = """proc 1
pipeline p
model x: f32[n=1] -> b: f32[n, box=4] boxes, s: f32[n] scores, i: i64[n] ids
post {
    found = weighted_boxes_fusion(b, s, i, score=0.05, iou=0.55, models=3, candidates=99, limit=50)
}
output found
"""


def iou(a: list[float], b: list[float]) -> float:
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(0.0, w) * max(0.0, h)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def fused(boxes: np.ndarray, scores: np.ndarray, ids: np.ndarray, models: int) -> list[Any]:
    """The seven steps of the paper's section 3, in Python's floats."""
    clusters: list[dict[str, Any]] = []
    for k in sorted(range(len(scores)), key=lambda i: (-scores[i], i)):
        box = [float(x) for x in boxes[k]]
        near = [c for c in clusters if c["id"] == ids[k] and iou(c["box"], box) > 0.55]
        if near:
            cluster = max(near, key=lambda c: iou(c["box"], box))
        else:
            cluster = {"id": int(ids[k]), "of": []}
            clusters.append(cluster)
        cluster["of"].append((float(scores[k]), box))
        weight = sum(s for s, _ in cluster["of"])
        cluster["box"] = [sum(s * b[i] for s, b in cluster["of"]) / weight for i in range(4)]
        n = len(cluster["of"])
        cluster["score"] = weight / n * min(n, models) / models
    return sorted(clusters, key=lambda c: -c["score"])


def test_boxes_of_three_models() -> None:
    """Each sees most of the objects, a little off; one sees an object twice."""
    rng = np.random.default_rng(5)
    objects = rng.uniform(0, 400, (9, 2)).repeat(3, 0)
    boxes = np.concatenate([objects, objects + 60], 1) + rng.normal(0, 4, (27, 4))
    boxes = np.concatenate([boxes[:25], boxes[:1] + 1]).astype(np.float32)
    ids = (np.arange(9).repeat(3) % 2)[:26]
    ids[-1] = ids[0]
    scores = rng.uniform(0.1, 0.9, 26).astype(np.float32)
    wanted = fused(boxes, scores, ids, 3)
    assert 8 < len(wanted) < 20
    for backend, module in build(TEXT).modules.items():
        found = run_post(module, {"b": boxes, "s": scores, "i": ids}, [])["found"]
        assert found["classes"].tolist() == [c["id"] for c in wanted], backend
        np.testing.assert_allclose(found["boxes"], [c["box"] for c in wanted], rtol=1e-5)
        np.testing.assert_allclose(found["scores"], [c["score"] for c in wanted], rtol=1e-6)
        none = run_post(module, {"b": boxes, "s": scores * 0, "i": ids}, [])["found"]
        assert none["boxes"].shape == (0, 4)


def samples() -> tuple[np.ndarray, np.ndarray]:
    """Five samples with ties, NaN, infinities, boxes without area, and none above a bound."""
    rng = np.random.default_rng(5)
    corners = rng.integers(0, 30, (5, 50, 2))
    boxes = np.concatenate([corners, corners + rng.integers(0, 40, (5, 50, 2))], -1)
    boxes = boxes.astype(np.float32)
    scores = (rng.integers(0, 9, (5, 50, 3)) / np.float32(8)).astype(np.float32)
    places = rng.random(boxes[1].shape) < 0.1
    boxes[1][places] = rng.choice([np.nan, np.inf, -np.inf, 0, 3e38], places.sum())
    scores[2, 4:20] = np.nan
    scores[3] = -np.inf
    return boxes, scores


@pytest.mark.parametrize("every_label", [True, False])
@pytest.mark.parametrize(
    ("score", "bound", "models", "candidates", "limit"),
    [(0.1, 0.4, 2, 100, 60), (0, 0, 1, 30, 4), (0.5, 0.9, 3, 1000, 300)],
)
def test_tensors_and_graphs(
    score: float, bound: float, models: int, candidates: int, limit: int, every_label: bool
) -> None:
    """torch, its loop for graphs, and ONNX: what numpy fuses, of each sample of a batch."""
    boxes, scores = samples()
    rule = (None, score, bound, models, candidates, limit, every_label)
    found = run(call_of("fused_boxes", *rule), {"boxes": boxes, "scores": scores})
    tensors = fused_of_tensors(torch.from_numpy(boxes), torch.from_numpy(scores), *rule)
    for i in range(5):
        wanted = fused_boxes(boxes[i], scores[i], *rule)
        count = len(wanted[1])
        assert found[3][i] == tensors[3][i] == count
        for x, z, y in zip(found[:3], tensors[:3], wanted, strict=True):
            for of in (x[i], z[i].numpy()):
                same(of[:count], y, 0, f"{rule}, sample {i}")
                assert not of[count:].any()


def test_the_loop_of_a_graph() -> None:
    boxes, scores = (torch.from_numpy(x[:1]) for x in samples())
    values, order = scores[..., 0].sort(stable=True, dim=1, descending=True)
    like = boxes[:, order[0]]
    labels, counts = torch.zeros((1, 50), dtype=torch.int64), torch.zeros((1, 50)).long()
    sums = torch.zeros((1, 50, 5), dtype=torch.float64)
    sums, _, counts = fused_in_graph(like, values, labels, sums, labels, counts, 0.4)
    rule = (None, float("-inf"), 0.4, 1, 50, 50, False)
    wanted, _, _ = fused_boxes(boxes[0].numpy(), scores[0, :, :1].numpy(), *rule)
    n = int((counts > 0).sum())
    found = (sums[0, :n, :4] / sums[0, :n, 4:]).float().numpy()
    assert 3 < n == len(wanted)
    rows = [sorted(map(tuple, x[np.isfinite(x).all(1)].tolist())) for x in (found, wanted)]
    assert rows[0] == rows[1]


def test_what_does_not_fit() -> None:
    for before, after, code in (
        ("iou=0.55", "iou=-1", "E211"),
        ("models=3", "models=0", "E211"),
        ("candidates=99, ", "", "E209"),
        ("boxes,", "boxes(cxcywh, unit),", "E329"),
    ):
        found = check(Source("p.proc", TEXT.replace(before, after))).diagnostics
        assert [d.code for d in found] == [code], after
