"""Images of every dtype and number of channels, against the reference."""

from __future__ import annotations

import numpy as np
import pytest
from support import build, compare, converting, run, source_of

from procdsl.opdef.op import Case


@pytest.mark.parametrize("image", ["u8[h, w, c]", "f32[h, w, c]", "u8[t, h, w, c]"])
@pytest.mark.parametrize("layout", ["", "layout(c, h, w)"])
def test_any_number_of_channels(image: str, layout: str) -> None:
    if "t" in image:
        layout = layout.replace("(", "(t, ")
    whole = image.startswith("u8")
    scaled = "to_float(scale=1/255)\n" if whole else ""
    text = source_of(Case(f"{scaled}scale(multiply=3, add=1)\n{layout}", image=image))
    shape = (2, 5, 7, 6) if "t" in image else (5, 7, 6)
    x = np.random.default_rng(0).integers(0, 256, shape)
    compare(build(text), {"image": x.astype(np.uint8 if whole else np.float32)})


def test_the_least_of_two_zeros() -> None:
    text = source_of(Case("convert(rgb)\nmin_max(over=image, eps=0)", image="f32[h, w, c=3] bgr"))
    built = build(text)
    for channel in range(3):
        x = np.zeros((4, 5, 3), np.float32)
        x[..., channel] = -0.0
        x[0, 0] = 1
        compare(built, {"image": x})


@pytest.mark.parametrize("dtype", ["i64", "u16", "i32", "f16"])
def test_nearest_keeps_every_dtype(dtype: str) -> None:
    """OpenCV's resize, and torch's gather, do not take all of them."""
    text = source_of(Case("resize(h=3, w=4, sampler=cv2.nearest)", image=f"{dtype}[h, w, c=3] rgb"))
    x = np.arange(5 * 6 * 3).reshape(5, 6, 3) * (2**33 if dtype == "i64" else 1)
    names = {"i64": np.int64, "u16": np.uint16, "i32": np.int32, "f16": np.float16}
    compare(build(text), {"image": x.astype(names[dtype])})


def test_gamma_takes_what_rounding_leaves_below_zero() -> None:
    steps = [
        "to_float(scale=1/512)",
        "scale(add=0.5)",
        "scale(subtract=0.3)",
        "scale(subtract=0.2)",
    ]
    black = np.zeros((2, 3, 3), np.uint8)
    below = build(converting("u8[h, w, c=3] rgb", *steps)).modules["numpy"].preprocess(black)
    assert (below < 0).all()
    built = build(converting("u8[h, w, c=3] rgb", *steps, "gamma(gamma=5/11)"))
    compare(built, {"image": black})
    assert (run(built.modules["numpy"], {"image": black})[0] == 0).all()
