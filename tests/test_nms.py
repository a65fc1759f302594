"""`nms` of more boxes than are looked at in one go, against its reference."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from kernels.boxes.nms_numpy import nms
from kernels.boxes.nms_torch import nms as nms_of_tensors
from procdsl.ops.boxes.nms import Nms
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.numerics import bound_in_f32

Sample = tuple[np.ndarray, np.ndarray]


@cache
def scripted() -> Any:
    return torch.jit.script(nms_of_tensors)


def drawn(anchors: int, classes: int, levels: int, seed: int) -> Sample:
    """Boxes by the dozen round each object, scores with ties, and some that are no numbers."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 600, (anchors // 12 + 1, 2))[
        rng.integers(0, anchors // 12 + 1, anchors)
    ]
    corners = corners + rng.integers(0, 9, (anchors, 2))
    boxes = np.concatenate([corners, corners + rng.integers(0, 40, (anchors, 2))], 1)
    boxes, scores = boxes.astype(np.float32), rng.integers(-1, levels, (anchors, classes)) / levels
    for values in (boxes, scores):
        places = rng.random(values.shape) < 0.002
        values[places] = rng.choice([np.nan, np.inf, -np.inf, -0.0], places.sum())
    return boxes, scores.astype(np.float32)


def check(sample: Sample, op: Nms) -> int:
    """The kernels, on arrays laid out in two ways, and scripted; how many are kept."""
    boxes, scores = sample
    with np.errstate(all="ignore"):
        wanted = op.reference((), boxes, scores)
    axes = tuple(Axis.of("n", size) for size in scores.shape)
    given = op.attributes(Array("f32", axes), Array("f32", axes))
    names = ("iou", "per_class", "limit", "every_label", "candidates", "limit_per_class")
    score = -np.inf if given["score"] is None else given["score"]
    options: dict[str, Any] = {"score": score}
    options |= {name: given[name] for name in names}
    for x, y in (sample, (np.asfortranarray(boxes), np.asfortranarray(scores))):
        rows, columns = nms(x, y, None, **options)
        found = {"boxes": x[rows], "scores": y[rows, columns], "classes": columns, "indices": rows}
        for name, values in found.items():
            np.testing.assert_array_equal(values, wanted[name], f"{name}, {op}")
    for kernel in (nms_of_tensors, scripted()):
        *tensors, count = kernel(torch.from_numpy(boxes), torch.from_numpy(scores), None, **options)
        for name, tensor in zip(("boxes", "scores", "classes", "indices"), tensors, strict=True):
            values = tensor.numpy()
            np.testing.assert_array_equal(values[: int(count)], wanted[name], f"{name}, {op}")
            assert not values[int(count) :].any()
    return len(wanted["scores"])


@pytest.mark.parametrize("per", ["class", "all"])
@pytest.mark.parametrize(
    ("levels", "score", "iou"), [(3, 0.3, 0.45), (10**6, 0.1, 1 / 3), (60, None, 0.25)]
)
def test_more_than_come_at_a_time(levels: int, score: float | None, iou: float, per: str) -> None:
    """In blocks that are wanted, in ties longer than these, to the last box and no further."""
    kept = [
        check(
            drawn(anchors, classes, levels, classes),
            Nms(score=score, iou=iou, per=Word(per), limit=limit, indices=Word("true")),
        )
        for anchors, classes, limit in ((3000, 4, 300), (1500, 1, 1400), (700, 30, 2))
    ]
    assert kept[0] == 300
    assert 100 < kept[1] < 1400
    assert kept[2] == 2


def test_every_label_of_many_and_so_many_of_a_class() -> None:
    sample = drawn(900, 5, 50, 1)
    every, true, of_class = Word("every"), Word("true"), Word("class")
    more: Any = {"labels": every, "indices": true, "iou": 0.5, "per": of_class}
    assert check(sample, Nms(limit=800, **more)) == 800
    assert check(sample, Nms(limit=800, limit_per_class=30, candidates=2000, **more)) == 150


@pytest.mark.parametrize("bound", [0.0, 0.1, 0.25, 0.3, 1 / 3, 0.45, 1.0, -0.1, 1e-46])
def test_above_a_bound_in_f32_are_the_same_numbers(bound: float) -> None:
    found = bound_in_f32(bound)
    near = np.float32(bound)
    numbers = np.array(
        [np.nextafter(near, np.float32(-2)), near, np.nextafter(near, np.float32(2))]
    )
    assert np.float32(found) == found
    np.testing.assert_array_equal(numbers > np.float32(found), numbers.astype(np.float64) > bound)
