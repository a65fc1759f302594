"""`nms` as a graph: the boxes that the reference keeps, whatever the boxes and scores are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx_kernels import call_of, run
from support import same

from kernels.boxes.nms_numpy import nms
from procdsl.types.numerics import bound_in_f32

Options = tuple[float, float, bool, int, bool]
WITHOUT = {"ids": None, "candidates": None, "limit_per_class": None}


def as_named(options: Options) -> dict[str, Any]:
    """The arguments of the kernels, with bounds as they stand in modules."""
    names = ("score", "iou", "per_class", "limit", "every_label")
    score, iou = (bound_in_f32(bound) for bound in options[:2])
    return dict(zip(names, (score, iou, *options[2:]), strict=True)) | WITHOUT


BOUNDS = [(0.25, 0.45, 300), (0.6, 1 / 3, 4), (float("-inf"), 0.5, 30), (0.1, 0.0, 300)]
OPTIONS = [
    pytest.param((score, iou, per_class, limit, every_label))
    for score, iou, limit in BOUNDS
    for per_class in (True, False)
    for every_label in (True, False)
]


def check(boxes: np.ndarray, scores: np.ndarray, options: Options) -> int:
    """The graph on a batch against the numpy kernel on each sample; how many are kept at most."""
    found = run(call_of("nms", **as_named(options)), {"boxes": boxes, "scores": scores})
    for i, count in enumerate(found[4]):
        rows, columns = nms(boxes[i], scores[i], **as_named(options))
        wanted = boxes[i][rows], scores[i][rows, columns], columns, rows
        for x, y in zip(found[:4], wanted, strict=True):
            same(x[i, :count], y, 0, f"sample {i}, {options}")
            assert not x[i, count:].any()
            assert x.shape[1] == options[3]
    return int(found[4].max(initial=0))


def drawn(samples: int, anchors: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Boxes on a coarse grid, so that shares are as large as bounds are, and scores with ties."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 12, (samples, anchors, 2))
    boxes = np.concatenate([corners, corners + rng.integers(0, 9, corners.shape)], -1)
    scores = rng.integers(-1, 9, (samples, anchors, 3)) / 8
    return boxes.astype(np.float32), scores.astype(np.float32)


@pytest.mark.parametrize("options", OPTIONS)
def test_ties(options: Options) -> None:
    assert check(*drawn(8, 60, 1), options) > 2


@pytest.mark.parametrize("options", OPTIONS)
def test_boxes_and_scores_that_are_none(options: Options) -> None:
    """NaN, infinities, sides in the other order, areas that are 0 or overflow, zeros with signs."""
    rng = np.random.default_rng(2)
    boxes, scores = drawn(12, 40, 3)
    boxes[2:4] = rng.integers(0, 12, (2, 40, 4))
    for i, values in enumerate(((np.nan,), (np.inf, -np.inf), (3e38, -3e38), (1e-30, 0, -1e-30))):
        places = rng.random(boxes[4 + i].shape) < 0.3
        boxes[4 + i][places] = rng.choice(values, places.sum())
    for i, values in enumerate(((np.nan,), (np.inf, -np.inf), (-0.0, 0.0), (0.25, 0.6, 0.1))):
        places = rng.random(scores[8 + i].shape) < 0.5
        scores[8 + i][places] = rng.choice(values, places.sum())
    assert check(boxes, scores, options) > 2


@pytest.mark.parametrize("options", OPTIONS)
def test_boxes_of_a_detector(options: Options) -> None:
    rng = np.random.default_rng(4)
    centre = rng.random((3, 20, 1, 2)) * 600 + rng.normal(0, 5, (3, 20, 30, 2))
    half = rng.random((3, 20, 1, 2)) * 90 + rng.normal(0, 5, (3, 20, 30, 2))
    boxes = np.concatenate([centre - half, centre + half], -1).reshape(3, 600, 4)
    assert check(boxes.astype(np.float32), rng.random((3, 600, 5), np.float32), options) > 2


@pytest.mark.parametrize("every_label", [True, False])
def test_none(every_label: bool) -> None:
    """No samples, no boxes, none that is above the bound."""
    options = (0.5, 0.5, True, 7, every_label)
    boxes, scores = drawn(2, 5, 6)
    assert check(boxes[:0], scores[:0], options) == 0
    assert check(boxes[:, :0], scores[:, :0], options) == 0
    assert check(boxes, scores * 0, options) == 0


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.slow
def test_many(seed: int) -> None:
    rng = np.random.default_rng(seed)
    options: Any = (
        *(rng.choice([0.25, 0.1, 0.3, float("-inf")]), rng.choice([0.45, 0.7, 1 / 3, 0.2, 1.0])),
        *(bool(seed % 2), int(rng.choice([1, 5, 300])), bool(seed // 2 % 2)),
    )
    check(*drawn(200, 50, seed), options)
