"""What models give, through the ops on values, against the arithmetic of their authors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from support import BACKENDS, build, run_post
from torch.nn import functional

RNG = np.random.default_rng(11)


def given_by(
    post: str, outputs: Mapping[str, tuple[str, np.ndarray]], names: str
) -> list[dict[str, Any]]:
    """What each module gives for arrays of these types."""
    typed = ", ".join(f"{name}: {type_}" for name, (type_, _) in outputs.items())
    lines = "".join(f"    {step}\n" for step in post.splitlines())
    built = build(
        f"proc 1\npipeline p\nmodel i: f32[n=1] -> {typed}\npost {{\n{lines}}}\noutput {names}\n"
    )
    arrays = {name: array for name, (_, array) in outputs.items()}
    return [run_post(built.modules[backend], arrays, []) for backend in BACKENDS]


def normal(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape).astype(np.float32)


def test_rt_detr_s_queries() -> None:
    """`RTDETRPostProcessor` with focal loss: sigmoid, flatten, topk, and the boxes gathered."""
    logits, boxes = normal(300, 80), RNG.random((300, 4), np.float32)
    found = given_by(
        "s = sigmoid(logits)\nscores, query, labels = top(s, over=(query, class), k=300)\n"
        "picked = take(boxes, query, along=query)",
        {
            "logits": ("f32[query=300, class=80] logits", logits),
            "boxes": ("f32[query=300, box=4] boxes(cxcywh, unit)", boxes),
        },
        "scores, labels, picked",
    )
    scores, index = torch.topk(torch.sigmoid(torch.from_numpy(logits)).flatten(), 300)
    for one in found:
        assert np.abs(one["scores"] - scores.numpy()).max() <= 1.2e-7
        assert np.array_equal(one["labels"], (index % 80).numpy())
        assert np.array_equal(one["picked"], boxes[(index // 80).numpy()])


def test_detr_without_its_last_class() -> None:
    """`PostProcess` of DETR: softmax over 92 classes, then the largest of the first 91."""
    logits = normal(100, 92)
    found = given_by(
        "p = softmax(logits, over=class)\np = select(p, class, stop=-1)\n"
        "scores, labels = max(p, over=class)",
        {"logits": ("f32[query=100, class=92] logits", logits)},
        "scores, labels",
    )
    wanted = functional.softmax(torch.from_numpy(logits), -1)[..., :-1].max(-1)
    for one in found:
        assert np.abs(one["scores"] - wanted.values.numpy()).max() <= 1.2e-7
        assert np.array_equal(one["labels"], wanted.indices.numpy())


def test_distances_from_bins() -> None:
    """`DFL` of Ultralytics: softmax over 16 bins, and a convolution with the weights 0 to 15."""
    raw = normal(64, 50)
    found = given_by(
        "b = unflatten(raw, feature, axes=(side, bin), sizes=(4, 16))\n"
        "p = softmax(b, over=bin)\nd = expected(p, over=bin)",
        {"raw": ("f32[feature=64, anchor=50]", raw)},
        "d",
    )
    bins = torch.from_numpy(raw).view(1, 4, 16, 50).transpose(2, 1).softmax(1)
    weight = torch.arange(16.0).view(1, 16, 1, 1)
    wanted = functional.conv2d(bins, weight).view(4, 50).numpy()
    for one in found:
        assert np.abs(one["d"] - wanted).max() <= 4e-6  # theirs is summed in float32


def test_masks_from_prototypes() -> None:
    """`process_mask` of Ultralytics, before its crop: coefficients @ prototypes."""
    coefficients, prototypes = normal(20, 32), normal(32, 40, 48)
    found = given_by(
        "masks = matmul(coefficients, prototypes, over=k)",
        {
            "coefficients": ("f32[n=20, k=32]", coefficients),
            "prototypes": ("f32[k=32, h=40, w=48]", prototypes),
        },
        "masks",
    )
    wanted = np.einsum(
        "nk,khw->nhw", coefficients.astype(np.float64), prototypes.astype(np.float64)
    )
    for one in found:
        assert one["masks"].dtype == np.float32
        assert np.abs(one["masks"] - wanted).max() <= 2e-6  # half an ulp of numbers below 32


def test_objectness_times_class() -> None:
    """YOLOv5's scores, `x[:, 5:] *= x[:, 4:5]`: one product in float32, the same bits."""
    rows = RNG.random((50, 85), np.float32)
    found = given_by(
        "objectness = select(rows, feature, index=4)\nclasses = select(rows, feature, start=5)\n"
        "scores = multiply(classes, objectness)",
        {"rows": ("f32[anchor=50, feature=85]", rows)},
        "scores",
    )
    for one in found:
        assert np.array_equal(one["scores"], rows[:, 5:] * rows[:, 4:5])


@pytest.mark.parametrize("bad", [-1, 3])
def test_an_index_outside_the_axis(bad: int) -> None:
    built = build(
        "proc 1\npipeline p\nmodel i: f32[n=1] -> x: f32[n=3], k: i64[m=2]\n"
        "post {\n    y = take(x, k, along=n)\n}\noutput y\n"
    )
    given = {"x": np.ones(3, np.float32), "k": np.array([0, bad])}
    for backend in BACKENDS:
        with pytest.raises(ValueError, match="an index outside the 3 places"):
            run_post(built.modules[backend], given, [])
