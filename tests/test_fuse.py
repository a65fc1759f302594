"""The rewrites: the same bits with and without them, and the code that they are made for."""

from __future__ import annotations

import numpy as np
import pytest
from fusing import NORMAL, agree, both, text_of
from random_pre import Drawn, pre_pipeline
from support import BACKENDS, build, of_a_size_that_passes, random_array, run, source_of

from procdsl.opdef.op import Case

CASES = {
    "channels behind a resize": "convert(rgb)\nresize(h=20, w=30, sampler=cv2.linear)\n" + NORMAL,
    "channels behind a letterbox": "convert(rgb)\nletterbox(h=40, w=40, fill=114, "
    "sampler=cv2.linear)\nto_float(scale=1/255)\nlayout(c, h, w)",
    "a fill by channel": "convert(rgb)\npad(top=3, fill=(1, 2, 3))\n" + NORMAL + "layout(c, h, w)",
    "channels between": "to_float(scale=1/255)\nconvert(rgb)\nnormalize(mean=(0.1, 0.2, 0.3), "
    "std=(0.5, 0.6, 0.7))\nlayout(c, h, w)",
    "channels last": NORMAL.replace("0.485", "0.5") + "convert(rgb)\nlayout(c, h, w)",
    "channels last, of known size": "resize(h=20, w=24, sampler=cv2.linear)\n"
    + NORMAL.replace("0.485", "0.5")
    + "convert(rgb)\nlayout(c, h, w)",
    "channels twice": "convert(rgb)\n" + NORMAL + "convert(bgr)\nlayout(c, h, w)",
    "layout first": "convert(rgb)\nlayout(c, h, w)\n" + NORMAL,
    "layout in the middle": "to_float(scale=1/255)\nlayout(c, h, w)\nnormalize(mean=0.5, std=0.5)",
    "crop, flip, planes": "convert(rgb)\nresize(short=24, sampler=pil.bilinear)\n"
    "crop(center, h=20, w=21)\nflip(horizontal)\n" + NORMAL + "layout(c, h, w)",
    "no layout": "convert(rgb)\nresize(h=20, w=31, sampler=cv2.linear)\n" + NORMAL,
    "no layout, channels between": "to_float(scale=1/255)\nconvert(rgb)\n"
    "normalize(mean=(0.1, 0.2, 0.3), std=0.5)",
    "no layout, one number": "to_float(scale=1/255)\nnormalize(mean=0.25, std=0.5)\n"
    "pad(top=1, fill=0)\nclip(min=0, max=1)",
    "channels before larger numbers": "convert(rgb)\nstandardize(over=image, min_std=tf)",
    "channels before tiles": "convert(rgb)\ntile(h=9, w=8, overlap=2, last=shifted, fill=7)",
    "a window of sums that are not exact": "to_float(scale=1/255)\n"
    "resize(h=23, w=29, sampler=torch.bilinear)\ncrop(center, h=8, w=9)",
    "fused statistics": "convert(rgb)\nnormalize(mean=(0.1, 0.2, 0.3), std=0.5, form=fused, "
    "scale=1/255)\nlayout(c, h, w)",
    "reciprocal statistics": "letterbox(h=40, w=40, fill=114, sampler=cv2.linear)\nnormalize("
    "mean=(0.1, 0.2, 0.3), std=0.5, form=reciprocal, scale=1/255)\nconvert(rgb)\nlayout(c, h, w)",
    "an affine step": "convert(rgb)\nto_float(scale=1/255)\nscale(multiply=2, subtract=1)\n"
    "clip(min=-0.5, max=0.5)\nlayout(c, h, w)",
    "a window": "convert(rgb)\nwindow(center=0.7, width=0.5, form=clip)\nlayout(c, h, w)",
    "a gamma": "convert(rgb)\nto_float(scale=1/255)\nclip(min=0, max=1)\ngamma(gamma=2.2)\n"
    "layout(c, h, w)",
    "channels behind standardize": "convert(rgb)\nstandardize(over=channel, min_std=tf)\n"
    "clip(min=-20, max=20)\nlayout(c, h, w)",
    "standardize as a whole": "convert(rgb)\nstandardize(over=image, min_std=tf)\nscale(add=1)\n"
    "layout(c, h, w)",
    "two times": "to_float(scale=1/255)\nlayout(c, h, w)\nnormalize(mean=0.5, std=0.5)\n"
    "flip(horizontal)\nlayout(h, w, c)\nclip(min=0, max=1)\nlayout(c, h, w)",
    "a layout that is there already between": "to_float(scale=1/255)\n"
    "normalize(mean=0.5, std=0.5)\nlayout(h, w, c)\nclip(min=-0.5, max=0.5)\nlayout(h, w, c)\n"
    "scale(add=3)",
    "planes, and planes again": "to_float(scale=1/255)\nlayout(c, h, w)\nlayout(h, w, c)\n"
    "scale(multiply=3)\nlayout(c, h, w)",
}


@pytest.mark.parametrize("steps", CASES.values(), ids=CASES)
@pytest.mark.parametrize("image", ["u8[h, w, c=3] bgr", "f32[h, w, c=3] bgr"])
def test_same_bits(steps: str, image: str) -> None:
    if image.startswith("f32"):
        steps = steps.replace("to_float(scale=1/255)\n", "")
        steps = steps.replace("cv2.linear", "cv2.nearest").replace("pil.bilinear", "cv2.nearest")
    agree(source_of(Case(steps, image=image)), (33, 47))


@pytest.mark.parametrize(
    ("image", "steps"),
    [
        (
            "u8[rows, w] cv2.nv12",
            "convert(bgr)\nconvert(rgb)\nresize(h=20, w=30, sampler=cv2.linear)\n" + NORMAL,
        ),
        (
            "u8[h, w, c=3] bgr",
            "convert(rgb)\nflip(vertical)\nconvert(cv2.lab)\nto_float(scale=1/255)\n",
        ),
        (
            "u8[h, w, c=4] bgra",
            "convert(rgb, alpha=over, fill=(1, 2, 3))\nconvert(bgr)\n"
            "pad(top=3, fill=7)\nto_float(scale=1/255)\n",
        ),
    ],
)
def test_same_bits_beside_computed_colours(image: str, steps: str) -> None:
    agree(source_of(Case(steps + "layout(c, h, w)", image=image)), (34, 48))


def test_channels_are_exchanged_as_planes() -> None:
    fused, plain = both(source_of(Case(CASES["channels behind a letterbox"])))
    assert "cvtColor" in text_of(dict(plain.files), "cv2")
    assert "cvtColor" not in text_of(dict(fused.files), "cv2")
    assert "[2, 1, 0]" in text_of(dict(fused.files), "cv2")


def test_a_value_that_is_used_twice_is_left_alone() -> None:
    text = """proc 1
pipeline case
input image: u8[h=8, w=9, c=3] bgr
pre {
    a = convert(image, rgb)
    b = to_float(a, scale=1/255)
    one = layout(b, c, h, w)
    d = to_float(a, scale=1/127)
    two = layout(d, c, h, w)
}
model one: f32[c=3, h=8, w=9] rgb, two: f32[c=3, h=8, w=9] rgb -> y: f32[]
"""
    fused, plain = both(text)
    image = random_array(np.random.default_rng(1), fused.pipeline.inputs[0].type, (8, 9))  # type: ignore[arg-type]
    for backend in BACKENDS:
        for found, wanted in zip(
            run(fused.modules[backend], {"image": image}),
            run(plain.modules[backend], {"image": image}),
            strict=True,
        ):
            assert found.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("image", ["u8[h, w] gray", "f32[h, w] gray", "u8[h, w, c=1] gray"])
def test_pixels_of_gray(image: str, backend: str) -> None:
    scaled = "" if image.startswith("f32") else "to_float(scale=1/255)\n"
    text = source_of(
        Case(scaled + "normalize(mean=0.5, std=0.25)\nclip(min=-1, max=1)", image=image)
    )
    agree(text, (7, 9))
    if backend == "cv2" and image.startswith("u8"):
        assert "look_up_pixels" in text_of(dict(build(text).files), "cv2")


def test_each_pass_over_numbers_reads_what_the_one_before_has_written() -> None:
    """Two of one form have names of their own: one was written into, before it had been read."""
    steps = "scale(multiply=2)\nlayout(h, w)\nscale(add=3)\nlayout(h, w)\nclip(min=0, max=1)"
    text = source_of(Case(steps, image="f32[h, w] gray"))
    agree(text, (7, 9))
    for backend in BACKENDS:
        lines = build(text, [backend]).files[f"case_{backend}.py"].splitlines()
        made = [line.split() for line in lines if "= _empty_pixels(" in line]
        assert [name for name, *_ in made] == ["pixels_image", "pixels_image_2", "pixels_image"]


@pytest.mark.parametrize("seed", range(1060, 1100))
def test_random(seed: int) -> None:
    agree_random(pre_pipeline(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1100, 2100))
def test_a_thousand_random(seed: int) -> None:
    agree_random(pre_pipeline(seed))


def agree_random(drawn: Drawn) -> None:
    with of_a_size_that_passes():
        agree(drawn.text, drawn.size, drawn.seed)
