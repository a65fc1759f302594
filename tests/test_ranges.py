"""The range that the checker gives a resized image, against what the samplers can make of one."""

from __future__ import annotations

import numpy as np
import pytest
from support import compiled, converting

from procdsl import registry
from procdsl.checker.check import check
from procdsl.opdef.sampling import gain
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.axis import Range

REAL = [
    name
    for name in registry.sampler_names()
    if "f32" in registry.sampler(name).numerics and not registry.sampler(name).picks
]
SIZES = [(n, to) for n in (2, 3, 4, 7, 9, 14, 25) for to in (*range(1, 30), 50, 333)]


def weights(name: str, source: int, target: int) -> np.ndarray:
    """What each target row takes of each source row: the sampler's answer to single rows."""
    rows = np.eye(source, dtype=np.float32)[:, :, None]
    return registry.sampler(name).reference(rows, target, source)[:, :, 0].astype(np.float64)


@pytest.mark.parametrize("name", REAL)
def test_the_weights_below_0_are_those_declared(name: str) -> None:
    found = max(-np.minimum(weights(name, *sizes), 0).sum(axis=1).min() for sizes in SIZES)
    declared = registry.sampler(name).lobe
    assert found <= declared <= 1.03 * found


def ranged(image: str, *steps: str) -> Range:
    """The range of what a file's steps give."""
    (fed,) = compiled(converting(image, *steps)).fed
    assert isinstance(fed.type, Array)
    assert fed.type.range
    return fed.type.range


@pytest.mark.parametrize("name", REAL)
def test_the_worst_picture_stays_in_the_range(name: str) -> None:
    """One that is 1 where the weights of a pixel are above 0, and 0 elsewhere; and its opposite."""
    span = ranged(
        "u8[h, w, c=3] rgb", "to_float(scale=1/255)", f"resize(h=50, w=50, sampler={name})"
    )
    reached = [0.0, 1.0]
    signs = np.sign(weights(name, 9, 50))
    for row in signs:
        sign = np.outer(row, row)[:, :, None]
        for picture in (sign > 0, sign < 0):
            found = registry.sampler(name).reference(picture.astype(np.float32), 50, 50)
            reached += [float(found.min()), float(found.max())]
    slack = 1e-6
    assert span.low - slack <= min(reached) <= span.low + 0.06
    assert span.high - 0.06 <= max(reached) <= span.high + slack
    assert gain(name) == pytest.approx(span.high - span.low)


def test_whole_numbers_stay_in_their_type() -> None:
    image, resize = "u8[h, w, c=3] rgb", "resize(h=9, w=9, sampler=cv2.cubic)"
    assert ranged(image, resize) == Range(0, 255)
    cut = ranged(image, "clip(min=100, max=200)", resize)
    assert (cut.low, cut.high) == pytest.approx((55.4, 244.6), abs=0.1)


def test_a_letterbox_has_the_range_of_its_content_and_its_fill() -> None:
    def boxed(sampler: str) -> Range:
        box = f"letterbox(h=9, w=9, fill=-0.2, sampler={sampler})"
        return ranged("u8[h, w, c=3] rgb", "to_float(scale=1/255)", box)

    assert boxed("cv2.linear") == Range(-0.2, 1)
    cubic = boxed("cv2.cubic")
    assert cubic.low < -0.4
    assert cubic.high > 1.4


def test_a_gamma_after_a_cubic_resize_wants_a_clip() -> None:
    steps = ["to_float(scale=1/255)", "resize(h=9, w=9, sampler=pil.bicubic)", "gamma(gamma=2.2)"]
    text = converting("u8[h, w, c=3] rgb", *steps[:2], "clip(min=0, max=1)", steps[2])
    assert check(Source("p.proc", text)).pipeline is not None
    (found,) = check(Source("p.proc", text.replace("    clip(min=0, max=1)\n", ""))).diagnostics
    assert found.code == "E301"
    assert "clip(min=0, max=1)" in str(found.hint)
