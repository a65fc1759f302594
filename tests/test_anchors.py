"""Anchors as the libraries make them that are named, and heads whose shapes do not fit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support import build, run_post

from procdsl.checker.check import check
from procdsl.source import Source

TEXT = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {{
    letterbox(h={h}, w={w}, fill=114, sampler=cv2.linear)
}}
model x: u8[h={h}, w={w}, c=3] rgb -> {outputs}
post {{
    {post}
}}
output b
"""


def anchors(post: str, h: int, w: int, n: int) -> np.ndarray:
    """What `post` makes of anchors that are neither moved nor grown, in the letterbox's pixels."""
    text = TEXT.format(
        h=h,
        w=w,
        outputs=f"d: f32[anchor={n}, box=4]",
        post=f"a = {post}\n    b = decode_deltas(d, a, weights=(1, 1, 1, 1))\n"
        "    b = back_to(b, image)",
    )
    found = [
        run_post(module, {"d": np.zeros((n, 4), np.float32)}, [(h, w)])["b"]
        for module in build(text).modules.values()
    ]
    assert all(np.array_equal(x, found[0]) for x in found)
    return np.asarray(found[0])


def test_of_mmdetection() -> None:
    """The example in the documentation of its `AnchorGenerator`."""
    found = anchors(
        "grid_anchors(d, by=mmdet, strides=(16, 32), sizes=((9,), (18,)), ratios=(1,))", 32, 32, 5
    )
    wanted = [
        (-4.5, -4.5, 4.5, 4.5),
        (11.5, -4.5, 20.5, 4.5),
        (-4.5, 11.5, 4.5, 20.5),
        (11.5, 11.5, 20.5, 20.5),
        (-9, -9, 9, 9),
    ]
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_of_detectron2() -> None:
    """Size by size and ratio by ratio, with areas that are squares of sizes."""
    found = anchors(
        "grid_anchors(d, by=detectron2, strides=(16,), sizes=((32, 40),), ratios=(0.5, 1, 2))",
        16,
        32,
        12,
    )
    wanted = []
    for column in (0, 16):
        for size in (32, 40):
            for ratio in (0.5, 1, 2):
                w, h = math.sqrt(size * size / ratio), math.sqrt(size * size * ratio)
                wanted.append((column - w / 2, -h / 2, column + w / 2, h / 2))
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_of_torchvision() -> None:
    """Ratio by ratio, whole pixels half to even; of odd grids the steps are rounded down."""
    found = anchors(
        "grid_anchors(d, by=torchvision, strides=(32,), sizes=((32, 45),), ratios=(0.5, 1, 2))",
        40,
        100,
        2 * 4 * 6,
    )
    halves = [(23, 11), (32, 16), (16, 16), (22, 22), (11, 23), (16, 32)]
    wanted = [
        (25 * column - w, 20 * row - h, 25 * column + w, 20 * row + h)
        for row in range(2)
        for column in range(4)
        for w, h in halves
    ]
    np.testing.assert_allclose(found, wanted, atol=1e-4)


@pytest.mark.parametrize("clip", ["false", "true"])
def test_of_ssd(clip: str) -> None:
    """The last level of SSD300: one place, whose oblong boxes are longer than the picture."""
    found = anchors(
        f"prior_boxes(d, strides=(300,), sizes=(264, 315), ratios=((2,),), clip={clip})",
        300,
        300,
        4,
    )
    root, most = math.sqrt(2), 300 if clip == "true" else 1e9
    sizes = [(264, 264), (math.sqrt(264 * 315),) * 2, (264 * root, 264 / root)]
    sizes.append(sizes[-1][::-1])
    cut = [(min(w, most) / 2, min(h, most) / 2) for w, h in sizes]
    wanted = [(150 - w, 150 - h, 150 + w, 150 + h) for w, h in cut]
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_growth_is_clipped_and_shifts_are_not() -> None:
    text = TEXT.format(
        h=64,
        w=64,
        outputs="d: f32[n=3, box=4], a: f32[n=3, box=4] boxes(cxcywh, pixels)",
        post="b = decode_deltas(d, a, variances=(0.1, 0.1, 0.2, 0.2), clip=2)\n"
        "    b = back_to(b, image)",
    )
    deltas = np.array([(5, 0, 99, -99), (0, 0, np.inf, 0), (np.nan, 0, 0, 0)], np.float32)
    boxes = np.array([(32, 32, 10, 20)] * 3, np.float32)
    wanted = [(27, 32, 47, 32), (22, 22, 42, 42), (np.nan, 22, np.nan, 42)]
    for backend, module in build(text).modules.items():
        found = run_post(module, {"d": deltas, "a": boxes}, [(64, 64)])["b"]
        np.testing.assert_allclose(found, wanted, atol=1e-4, err_msg=backend)


GRID = "b, s = decode_yolo_grid(r, classes=2, anchors=(9, 9, 20, 20), scale_xy=2, size=squared)"
DELTAS = "b = decode_deltas(d, a, weights=(1, 1, 1, 1))"
PRIORS = "b = prior_boxes(d, strides=(32, 64), sizes=(9, 20, 60), ratios=((2,), (2, 3)), clip=true)"
ANCHORS = "b = grid_anchors(d, by=mmdet, strides=(32, 64), sizes=((9, 8), (20,)), ratios=(1, 2))"


@pytest.mark.parametrize(
    ("post", "before", "after", "code", "said"),
    [
        (GRID, "classes=2", "classes=3", "E307", "[feature=16, h, w]"),
        (GRID, ", 20, 20", ", 20", "E210", "two for each anchor"),
        (GRID, "scale_xy=2", "scale_xy=0.5", "E211", "from 1 to 4"),
        (GRID, "size=squared", "size=square", "E205", "exp, squared"),
        (GRID, "grid(r,", "grid(odd,", "E307", "by one stride"),
        (DELTAS, "weights=(1, 1, 1, 1)", "clip=2", "E209", "weights=(10, 10, 5, 5)"),
        (DELTAS, "1))", "1), variances=(1, 1, 1, 1))", "E214", "one of them"),
        (DELTAS, "1, 1, 1, 1", "1, 1, 1, 0", "E211", ""),
        (DELTAS, "(d, a", "(a, d", "E319", "in this order"),
        (DELTAS, "(d, a", "(d, d", "E319", "grid_anchors"),
        (DELTAS, "(d, a", "(d, ltrb", "E329", "boxes(cxcywh, pixels)"),
        (DELTAS, "(d, a", "(d, few", "E327", "anchor=24"),
        (PRIORS, "sizes=(9, 20, 60)", "sizes=(9, 20)", "E322", "3 sizes"),
        (PRIORS, "strides=(32, 64)", "strides=(16, 64)", "E307", "4 x 4 x 4"),
        (ANCHORS, "((9, 8), (20,))", "((9, 8),)", "E322", "as many as strides"),
        (ANCHORS, "ratios=(1, 2)", "ratios=(1,)", "E307", "anchor=24"),
        (ANCHORS, "(9, 8)", "9", "E210", ""),
        ("b = decode_centernet(r, odd)", "", "", "E307", "[side=2, h, w] twice"),
        ("b = peaks(d, window=3)", "", "", "E316", "the axes h and w"),
        ("b = peaks(r, window=4)", "", "", "E211", "an odd number"),
    ],
)
def test_what_does_not_fit(post: str, before: str, after: str, code: str, said: str) -> None:
    text = TEXT.format(
        h=64,
        w=64,
        outputs="d: f32[anchor=24, box=4], a: f32[anchor=24, box=4] boxes(cxcywh, pixels), "
        "few: f32[anchor=9, box=4] boxes(cxcywh, pixels), r: f32[feature=14, h=4, w=4], "
        "odd: f32[feature=14, h=5, w=4], ltrb: f32[anchor=24, box=4] boxes(ltrb, pixels)",
        post=post.replace(before, after),
    )
    diagnostics = check(Source("p.proc", text)).diagnostics
    found = [d for d in diagnostics if d.code == code]
    assert found, diagnostics
    told = f"{found[0].message} {found[0].found} {found[0].wanted} {found[0].help}"
    assert said in told
