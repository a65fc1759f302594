"""How far a result may be off: what the types say, what the manifest says, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from support import Built, build, converting, manifest_of, run

from procdsl.reference.interpreter import preprocess
from procdsl.types.array import Array

IMAGE = "f32[h, w, c=3] rgb"
BOUNDED = ["resize(h=37, w=41, sampler=torch.bicubic)", "scale(multiply=200)"]
CAST = "cast(u8, rounding=half_even)"


def built(*steps: str) -> Built:
    return build(converting(IMAGE, *steps))


def tolerance(of: Built) -> float:
    (fed,) = of.pipeline.fed
    assert isinstance(fed.type, Array)
    return fed.type.tolerance


@pytest.mark.parametrize("rounding", ["half_even", "half_up", "floor", "trunc"])
def test_a_whole_number_of_a_bounded_float_may_be_the_next(rounding: str) -> None:
    found = built(*BOUNDED, f"cast(u8, rounding={rounding})")
    assert tolerance(found) == 1
    assert manifest_of(found)["self_check"]["preprocess"]["x"]["bound"] == 1
    apart = 0
    for seed in range(20):
        image = np.random.default_rng(seed).random((90, 70, 3), dtype=np.float32)
        (wanted,) = preprocess(found.pipeline, {"image": image})
        assert isinstance(wanted, np.ndarray)
        for module in found.modules.values():
            (cast,) = run(module, {"image": image})
            apart = max(apart, np.abs(cast.astype(int) - wanted.astype(int)).max())
    assert apart == 1, "no value was off: the test sees nothing of what it is for"
    for module in found.modules.values():
        module.self_check()


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (["resize(h=9, w=9, sampler=cv2.linear)", "scale(multiply=200)", CAST], 0),
        ([*BOUNDED, CAST, "resize(h=9, w=9, sampler=cv2.linear)"], 1),
        ([*BOUNDED, CAST, "resize(h=9, w=9, sampler=cv2.cubic)"], 2),
        ([*BOUNDED, CAST, "pad(top=1, fill=0)", "flip(horizontal)"], 1),
        ([*BOUNDED, "scale(multiply=100000)", "cast(i32, rounding=floor)"], 105),
        ([*BOUNDED, "threshold(above=100)"], 0),
    ],
    ids=lambda value: str(value)[-50:],
)
def test_what_follows(steps: Sequence[str], wanted: float) -> None:
    assert tolerance(built(*steps)) == wanted


@pytest.mark.parametrize("sampler", ["torch.bicubic_aa", "torch.bilinear", "pil.lanczos"])
def test_a_bound_grows_with_the_numbers_that_it_stems_from(sampler: str) -> None:
    """A border of 190 round floats of unknown range, which a `normalize` makes small again."""
    border = ["pad(square, anchor=center, fill=190)", f"resize(long=200, sampler={sampler})"]
    found = built(*border, "scale(multiply=0.01)", "normalize(mean=0, std=0.2)")
    entry = manifest_of(found)["self_check"]["preprocess"]["x"]
    assert 190 <= entry["bound"] / tolerance(found) < 220  # cubic overshoots
    for module in found.modules.values():
        module.self_check()


@pytest.mark.parametrize(
    "step",
    [
        "resize(h=90, w=90, sampler=torch.bicubic_aa)",
        "letterbox(h=9, w=9, fill=9, sampler=torch.bilinear)",
    ],
)
def test_a_bound_grows_with_numbers_beyond_the_range_of_statistics(step: str) -> None:
    """`normalize` says -1..1 of what it makes of an unknown range; here it is some hundreds."""
    found = built("normalize(mean=0, std=0.01)", step)
    entry = manifest_of(found)["self_check"]["preprocess"]["x"]
    assert 100 <= entry["bound"] / tolerance(found) <= 1000
