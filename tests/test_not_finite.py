"""NaN, infinities, -0.0 and subnormals in float32 pictures, through every sampler that takes them.

The ops are held to the same by `test_ops.py`, which runs each case on such numbers, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from support import INFINITIES, NANS, NOT_FINITE, TINY, build, manifest_of, run, same, specked
from torch.nn import functional

from kernels.checks import verify_numpy, verify_torch
from procdsl import registry
from procdsl.reference import golden_record
from procdsl.reference.interpreter import preprocess

SAMPLERS = [n for n in registry.sampler_names() if "f32" in registry.sampler(n).numerics]
SIZES = [
    ((20, 30), (9, 13)),
    ((20, 30), (10, 15)),
    ((9, 13), (20, 31)),
    ((9, 13), (9, 31)),
    ((9, 13), (20, 13)),
    ((1, 30), (5, 7)),
    ((30, 1), (7, 5)),
    ((1, 1), (3, 4)),
    ((8, 8), (1, 1)),
]


def of_channels(names: Sequence[str]) -> list[Any]:
    """Each sampler with each number of channels; one of the three, which turns, is not slow."""
    return [
        pytest.param(name, channels, marks=[] if (i + j) % 3 == 0 else [pytest.mark.slow])
        for i, name in enumerate(names)
        for j, channels in enumerate((1, 3, 4))
    ]


def picture(size: tuple[int, int], channels: int, values: Sequence[float]) -> np.ndarray:
    plain = np.random.default_rng(0).random((*size, channels), dtype=np.float32)
    return specked(plain, values, seed=sum(size) + channels)


def finite(x: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(x), x, 0)


@pytest.mark.parametrize(("name", "channels"), of_channels(SAMPLERS))
def test_backends_agree(name: str, channels: int) -> None:
    """NaN where the reference has NaN, infinities where it has them, and the rest as ever."""
    bound = registry.sampler(name).numerics["f32"]
    for size, (h, w) in SIZES:
        to = f"h={h}, w={w}"
        built = build(
            f"proc 1\npipeline p\ninput image: f32[h, w, c={channels}]\n"
            f"pre {{\n    resize({to}, sampler={name})\n}}\n"
            f"model x: f32[{to}, c={channels}] -> y: f32[]\n"
        )
        for values in (NANS, INFINITIES, NOT_FINITE, TINY):
            image = picture(size, channels, values)
            (wanted,) = preprocess(built.pipeline, {"image": image})
            for backend, module in built.modules.items():
                (found,) = run(module, {"image": image})
                what = f"{name} {size} to {h} x {w} on {backend}"
                if bound is None or values in (NANS, TINY):
                    same(found, wanted, 0 if bound is None else bound.absolute, what)
                    continue
                # The sign of a weight that is nearly 0 is no part of the bound.
                kept = np.asarray(wanted)
                assert np.array_equal(np.isfinite(found), np.isfinite(kept)), what
                same(finite(found), finite(kept), bound.absolute, what)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("name", [n for n in SAMPLERS if n.startswith("cv2.")])
def test_references_agree_with_opencv(name: str, channels: int) -> None:
    mode = getattr(cv2, f"INTER_{name.partition('.')[2].upper()}")
    cv2.ipp.setUseIPP(False)
    try:
        for size, (h, w) in SIZES:
            for values in (NANS, INFINITIES, NOT_FINITE, TINY):
                image = picture(size, channels, values)
                wanted = cv2.resize(image, (w, h), interpolation=mode).reshape(h, w, channels)
                found = registry.sampler(name).reference(image, h, w)
                same(found, wanted, 0, f"{name} {size} to {h} x {w}")
    finally:
        cv2.ipp.setUseIPP(True)


@pytest.mark.parametrize("name", [n for n in SAMPLERS if n.startswith("torch.b")])
def test_references_agree_with_torch(name: str) -> None:
    mode, _, antialias = name.removeprefix("torch.").partition("_")
    for size, (h, w) in SIZES:
        if antialias and w == 1:
            continue  # torch is wrong there, as the sampler's page says
        image = picture(size, 3, NOT_FINITE)
        batch = torch.from_numpy(image).permute(2, 0, 1)[None]
        wanted = functional.interpolate(
            batch, [h, w], mode=mode, align_corners=False, antialias=bool(antialias)
        )
        found = registry.sampler(name).reference(image, h, w)
        kept = np.isfinite(wanted[0].permute(1, 2, 0).numpy())
        assert np.array_equal(np.isfinite(found), kept), f"{name} {size} to {h} x {w}"


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_all_nan_have_one_digest(dtype: type) -> None:
    """On every side: what the compiler records, and what `self_check` compares."""
    plain: np.ndarray = np.array([1, np.nan, -0.0, np.inf], dtype)
    other = plain.copy()
    other[1] = -np.nan
    assert np.signbit(other[1]) != np.signbit(plain[1])
    digests = [
        by(x)
        for x in (plain, other)
        for by in (
            golden_record.digest,
            verify_numpy.digest,
            lambda x: verify_torch.digest(torch.from_numpy(x)),
        )
    ]
    assert len(set(digests)) == 1
    number = plain.copy()
    number[2] = 0.0  # the sign of a zero does count
    assert golden_record.digest(number) != digests[0]


def test_a_digest_is_of_the_numbers_wherever_they_lie() -> None:
    """torch's is taken of memory: of views, of none, and of infinities whose sum is no number."""
    whole = np.arange(24, dtype=np.float32).reshape(4, 6)
    whole[1, 2:4] = np.inf, -np.inf
    for x in (whole, whole.T, whole[1:, ::2], whole[:0], whole[0, 0], whole[2:].astype(np.int64)):
        assert verify_torch.digest(torch.from_numpy(np.asarray(x))) == golden_record.digest(x), x


NANS_MADE = """proc 1
pipeline p
input image: u16[h, w, c=3]
pre {
    cast(f16)
    cast(f32)
    standardize(over=image, min_std=tf)
}
model x: f32[h, w, c=3] -> y: f32[]
"""


def test_self_check_of_a_pipeline_that_makes_nan() -> None:
    """Infinity less itself is NaN, of a sign that the processor chooses."""
    built = build(NANS_MADE)
    record = manifest_of(built)["self_check"]["preprocess"]["x"]
    assert "sha256" in record
    for backend, module in built.modules.items():
        (found,) = run(module, {"image": np.full((2, 3, 3), 65535, np.uint16)})
        assert np.isnan(found).all(), backend
        module.self_check()
