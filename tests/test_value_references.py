"""The ops on values against the arithmetic of the libraries whose conventions they name."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from kernels.values.square_root_torch import square_root
from procdsl.ops.values.cast import Cast
from procdsl.ops.values.gamma import Gamma
from procdsl.ops.values.l2_normalize import L2Normalize
from procdsl.ops.values.norm import Norm
from procdsl.ops.values.normalize import Normalize
from procdsl.ops.values.standardize import Standardize
from procdsl.ops.values.to_float import ToFloat
from procdsl.ops.values.window import Window
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word

LEVELS = np.arange(256, dtype=np.uint8)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def image_type(dtype: str, channels: int | None = 3) -> Array:
    axes = (Axis("h"), Axis("w"))
    return Array(dtype, axes if channels is None else (*axes, Axis.of("c", channels)))


# to_float


@pytest.mark.parametrize("scale", [Fraction(1, 255), Fraction(2, 255), Fraction(1, 58)])
def test_to_float_reciprocal_is_torch_s_product(scale: Fraction) -> None:
    op = ToFloat(scale=scale, form=Word("reciprocal"))
    found = op.reference((image_type("u8"),), LEVELS)
    assert np.array_equal(found, (torch.from_numpy(LEVELS) * float(scale)).numpy())
    assert np.array_equal(found, torch.from_numpy(LEVELS).float().mul_(float(scale)).numpy())


def test_to_float_differs_where_its_page_says() -> None:
    divided = ToFloat(scale=Fraction(1, 255)).reference((image_type("u8"),), LEVELS)
    product = ToFloat(scale=Fraction(1, 255), form=Word("reciprocal"))
    assert np.sum(divided != product.reference((image_type("u8"),), LEVELS)) == 126


def test_a_product_in_f64_is_the_division_for_fractions() -> None:
    """Hugging Face's slow path: why a fraction has no form f64."""
    for n in range(1, 1024):
        divided = ToFloat(scale=Fraction(1, n)).reference((image_type("u8"),), LEVELS)
        assert np.array_equal(divided, (LEVELS.astype(np.float64) * (1 / n)).astype(np.float32))
    wide = np.arange(65_536, dtype=np.uint16)
    divided = ToFloat(scale=Fraction(1, 65_535)).reference((image_type("u16"),), wide)
    assert np.array_equal(divided, (wide.astype(np.float64) * (1 / 65_535)).astype(np.float32))


def test_to_float_f64_is_another_product_than_that_of_f32() -> None:
    for scale, apart in ((0.00392, 37), (0.017, 157)):
        found = ToFloat(scale=scale, form=Word("f64")).reference((image_type("u8"),), LEVELS)
        assert np.array_equal(found, (LEVELS.astype(np.float64) * scale).astype(np.float32))
        plain = ToFloat(scale=scale).reference((image_type("u8"),), LEVELS)
        assert np.sum(found != plain) == apart


# normalize


def all_levels() -> np.ndarray:
    return np.repeat(LEVELS, 3).reshape(256, 1, 3)


def normalized(form: str | None) -> np.ndarray:
    if form is None:
        real = all_levels().astype(np.float32) / np.float32(255)
        return Normalize(mean=MEAN, std=STD).reference((image_type("f32"),), real)
    op = Normalize(mean=MEAN, std=STD, form=Word(form), scale=Fraction(1, 255))
    return op.reference((image_type("u8"),), all_levels())


def test_normalize_fused_is_hugging_face_s() -> None:
    mean, std = (torch.tensor(s) * (1.0 / (1 / 255)) for s in (MEAN, STD))
    wanted = torch.from_numpy(all_levels()).to(torch.float32).sub_(mean).div_(std)
    assert np.array_equal(normalized("fused"), wanted.numpy())


def test_normalize_reciprocal_is_albumentations() -> None:
    mean = np.array(MEAN, np.float32) * 255.0
    inverse = np.reciprocal(np.array(STD, np.float32) * 255.0)
    wanted = (all_levels().astype(np.float32) - mean) * inverse
    assert np.array_equal(normalized("reciprocal"), wanted)


def test_normalize_differs_where_its_page_says() -> None:
    plain = normalized(None)
    assert np.sum(plain != normalized("fused")) == 465
    assert np.sum(plain != normalized("reciprocal")) == 492


# gamma


@pytest.mark.parametrize("gamma", [0.05, 0.4, 5 / 11, 0.8, 1.0, 1.5, 2.2, 3.3, 20.0])
def test_gamma_tables(gamma: float) -> None:
    pillow = [int((255 + 1 - 1e-3) * 1 * pow(level / 255.0, gamma)) for level in range(256)]
    tables: dict[str, Any] = {
        "torchvision": np.asarray(Image.fromarray(LEVELS[None]).point(pillow))[0],
        "albumentations": np.arange(0, 256.0 / 255, 1.0 / 255) ** gamma * 255,
        "scikit_image": np.minimum(np.rint(255 * np.linspace(0, 1, 256) ** gamma), 255),
    }
    for form, table in tables.items():
        found = Gamma(gamma=gamma, form=Word(form)).reference((image_type("u8"),), LEVELS)
        assert np.array_equal(found, table.astype(np.uint8)), form


# window


def by_standard(x: int, center: float, width: float, exact: bool) -> Fraction:
    """DICOM PS3.3, C.11.2.1.2.1 and C.11.2.1.3.2, in rational numbers, to 0..1."""
    c, w = Fraction(center), Fraction(width)
    if not exact:
        c, w = c - Fraction(1, 2), w - 1
    if x <= c - w / 2:
        return Fraction(0)
    if x > c + w / 2:
        return Fraction(1)
    return (x - c) / w + Fraction(1, 2)


@pytest.mark.parametrize("form", ["dicom_linear", "dicom_linear_exact"])
@pytest.mark.parametrize(("center", "width"), [(40, 400), (2048, 4096), (0.5, 1), (-600, 1500.5)])
def test_window_as_the_standard_defines_it(center: float, width: float, form: str) -> None:
    x = np.arange(-2000, 5000, dtype=np.int32)
    op = Window(center=center, width=width, form=Word(form))
    found = op.reference((image_type("i32", None),), x)
    exact = form == "dicom_linear_exact"
    wanted = [by_standard(int(v), center, width, exact) for v in x]
    assert np.array_equal(found, np.array([float(v) for v in wanted]).astype(np.float32))


def test_window_by_clipping() -> None:
    x = np.arange(-2000, 2000, dtype=np.int32)
    op = Window(center=40, width=400, form=Word("clip"))
    wanted = ((np.clip(x, -160, 240) + 160) / 400).astype(np.float32)
    assert np.array_equal(op.reference((image_type("i32", None),), x), wanted)


# standardize


def test_standardize_as_tensorflow_s_documentation_shows() -> None:
    x = np.arange(1, 13, dtype=np.float32).reshape(2, 2, 3)
    op = Standardize(over=Word("image"), min_std=Word("tf"))
    shown = [-1.593255, -1.3035723, -1.0138896, -0.7242068, -0.4345241, -0.14484136]
    found = op.reference((image_type("f32"),), x).ravel()
    assert np.allclose(found, [*shown, *(-v for v in reversed(shown))], rtol=0, atol=2e-7)


@pytest.mark.parametrize("over", ["image", "channel"])
@pytest.mark.parametrize("dtype", ["u8", "u16", "f32"])
def test_standardize_against_rational_sums(over: str, dtype: str) -> None:
    rng = np.random.default_rng(5)
    real = rng.random((13, 17, 3)) * 7 + 3
    scaled = {"u8": real * 20, "u16": real * 6000, "f32": real}[dtype]
    x = scaled.astype({"u8": "uint8", "u16": "uint16", "f32": "float32"}[dtype])
    op = Standardize(over=Word(over), eps=0.0001)
    found = op.reference((image_type(dtype),), x)
    for c in range(3):
        group = x.ravel() if over == "image" else x[:, :, c].ravel()
        numbers = [Fraction(float(v)) for v in group]
        mean = sum(numbers) / len(numbers)
        variance = sum((v - mean) ** 2 for v in numbers) / len(numbers)
        wanted = (x[:, :, c].astype(np.float64) - float(mean)) / (math.sqrt(variance) + 1e-4)
        apart = np.abs(found[:, :, c] - wanted)
        assert apart.max() <= 2.0**-23  # the rounding to float32 of numbers below 4


def test_standardize_is_numpy_s_mean_and_std() -> None:
    """What albumentations computes for u8, rounded to float32: the same but for a rounding."""
    rng = np.random.default_rng(6)
    op = Standardize(over=Word("image"), eps=0.0001)
    for _ in range(30):
        x = rng.integers(0, 256, (*rng.integers(1, 90, 2), 3), dtype=np.uint8)
        wanted = ((x - x.mean()) / (x.std() + 1e-4)).astype(np.float32)
        assert np.array_equal(op.reference((image_type("u8"),), x), wanted)


def test_standardize_leaves_a_plain_picture_at_0() -> None:
    for least in ({"eps": 0.0001}, {"min_std": Word("tf")}, {"min_std": 1e-8}):
        for value in (0, 7, 255):
            x = np.full((31, 45, 3), value, np.uint8)
            op = Standardize(over=Word("image"), **least)
            assert not op.reference((image_type("u8"),), x).any()


def test_the_square_root_of_torch_is_mended() -> None:
    rng = np.random.default_rng(7)
    x = rng.random(400_000) * 10.0 ** rng.integers(-9, 10, 400_000)
    x[:3] = (0.0, 1.0, 2.0)
    assert (torch.from_numpy(x).sqrt().numpy() == np.sqrt(x)).mean() > 0.9
    assert np.array_equal(square_root(torch.from_numpy(x)).numpy(), np.sqrt(x))


@pytest.mark.parametrize("rounding", ["half_even", "half_up", "floor", "trunc"])
@pytest.mark.parametrize("to", ["i64", "i32", "u8"])
def test_whole_numbers_are_never_rounded(rounding: str, to: str) -> None:
    """Not by way of float64 either, which holds no odd number above 2**53."""
    x = np.array([2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 7, -7])
    low, high = {"i64": (-(2**63), 2**63 - 1), "i32": (-(2**31), 2**31 - 1), "u8": (0, 255)}[to]
    op = Cast(to=Word(to), rounding=Word(rounding))
    found = op.reference((Array("i64", (Axis("n"),)),), x)
    assert found.tolist() == [min(max(n, low), high) for n in x.tolist()]


# l2_normalize, norm


VECTOR = (Array("f32", (Axis("d"),)),)


def embedding(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, 512).astype(np.float32)


@pytest.mark.parametrize("seed", range(5))
def test_l2_normalize_is_numpy_s_and_torch_s_division_by_the_length(seed: int) -> None:
    x = embedding(seed)
    found = L2Normalize(over=Word("d")).reference(VECTOR, x)
    assert abs(np.linalg.norm(found.astype(np.float64)) - 1) < 1e-7
    by_torch = torch.nn.functional.normalize(torch.from_numpy(x), dim=0).numpy()
    for wanted in (x / np.linalg.norm(x), by_torch):
        assert np.abs(found - wanted).max() < 1e-7
    length = Norm(over=Word("d")).reference(VECTOR, x)
    assert length.dtype == np.float32
    assert abs(length - np.linalg.norm(x.astype(np.float64))) <= 2.0**-20  # half an ulp of 22.6


def test_l2_normalize_of_nothing() -> None:
    """As torch with its own eps, as numpy without, and neither divides by what is below `eps`."""
    zeros, short = np.zeros(3, np.float32), np.array([3e-13, 0, 4e-13], np.float32)
    over = Word("d")
    for x in (zeros, short):
        wanted = torch.nn.functional.normalize(torch.from_numpy(x), dim=0).numpy()
        assert np.allclose(L2Normalize(over=over).reference(VECTOR, x), wanted, atol=1e-7)
    with np.errstate(invalid="ignore"):
        found = L2Normalize(over=over, eps=0).reference(VECTOR, zeros)
    assert np.isnan(found).all()
    assert np.allclose(L2Normalize(over=over, eps=0).reference(VECTOR, short), [0.6, 0, 0.8])
