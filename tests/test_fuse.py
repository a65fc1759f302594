"""The rewrites: the same bits with and without them, and the code that they are made for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from random_pre import REFUSED, Drawn, pre_pipeline
from support import (
    BACKENDS,
    NOT_FINITE,
    TINY,
    Built,
    build,
    compare,
    random_array,
    run,
    same,
    source_of,
    specked,
    to_backend,
    to_numpy,
)

from procdsl.op import Case
from procdsl.types import Array

NORMAL = "to_float(scale=1/255)\nnormalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))\n"
CASES = {
    "channels behind a resize": "convert(rgb)\nresize(h=20, w=30, sampler=cv2.linear)\n" + NORMAL,
    "channels behind a letterbox": "convert(rgb)\nletterbox(h=40, w=40, fill=114, "
    "sampler=cv2.linear)\nto_float(scale=1/255)\nlayout(c, h, w)",
    "a fill by channel": "convert(rgb)\npad(top=3, fill=(1, 2, 3))\n" + NORMAL + "layout(c, h, w)",
    "channels between": "to_float(scale=1/255)\nconvert(rgb)\nnormalize(mean=(0.1, 0.2, 0.3), "
    "std=(0.5, 0.6, 0.7))\nlayout(c, h, w)",
    "channels last": NORMAL.replace("0.485", "0.5") + "convert(rgb)\nlayout(c, h, w)",
    "channels twice": "convert(rgb)\n" + NORMAL + "convert(bgr)\nlayout(c, h, w)",
    "layout first": "convert(rgb)\nlayout(c, h, w)\n" + NORMAL,
    "layout in the middle": "to_float(scale=1/255)\nlayout(c, h, w)\nnormalize(mean=0.5, std=0.5)",
    "crop, flip, planes": "convert(rgb)\nresize(short=24, sampler=pil.bilinear)\n"
    "crop(center, h=20, w=21)\nflip(horizontal)\n" + NORMAL + "layout(c, h, w)",
    "no layout": "convert(rgb)\nresize(h=20, w=31, sampler=cv2.linear)\n" + NORMAL,
    "no layout, channels between": "to_float(scale=1/255)\nconvert(rgb)\n"
    "normalize(mean=(0.1, 0.2, 0.3), std=0.5)",
    "no layout, one number": "to_float(scale=1/255)\nnormalize(mean=1, std=0.5)\n"
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
}


def both(text: str) -> tuple[Built, Built]:
    return build(text), build(text, fuse=False)


def agree(text: str, size: tuple[int, int], seed: int = 0) -> None:
    """Each backend gives the same bits with the rewrites and without, and into an `out`.

    A picture that does not fit is refused in the same words.
    """
    fused, plain = both(text)
    (value,) = fused.pipeline.inputs
    assert isinstance(value.type, Array)
    image = random_array(np.random.default_rng(seed), value.type, size)
    odd = [specked(image, values, seed) for values in (NOT_FINITE, TINY) if image.dtype == "f4"]
    for backend in BACKENDS:
        for x in (image, *odd):
            what = f"{backend}, {x.shape}:\n{text}"
            wanted, found = result(plain.modules[backend], x), result(fused.modules[backend], x)
            if isinstance(wanted, str):
                assert re.search(REFUSED, wanted), f"{wanted} {what}"
                assert found == wanted, what
                continue
            same(found, wanted, 0, what)
            for out in outs(wanted):
                same(result(fused.modules[backend], x, out), wanted, 0, f"{what}\ninto an out")


def result(module: ModuleType, x: np.ndarray, out: np.ndarray | None = None) -> Any:
    """What `preprocess` gives of an image, written into `out`; its words where it refuses it."""
    (image,) = to_backend(module, [x])
    place = torch.from_numpy(out) if out is not None and hasattr(module, "torch") else out
    try:
        return to_numpy(module.preprocess(image, out=place))
    except ValueError as error:
        return str(error)


def outs(like: np.ndarray) -> Iterator[np.ndarray]:
    """Memory for a result: in one piece, and with gaps."""
    wide = np.full((2, *like.shape[:-1], 2 * like.shape[-1]), 77).astype(like.dtype)
    yield wide[0, ..., : like.shape[-1]].copy()
    yield wide[1, ..., ::2]


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


def text_of(files: dict[str, str], backend: str) -> str:
    code = files[f"case_{backend}.py"]
    return code[code.index("def preprocess(") : code.index("def preprocess_batch(")]


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
def test_pixels_are_written_into_out_in_one_pass(backend: str) -> None:
    built = build(source_of(Case(NORMAL, image="u8[h, w, c=3] rgb")), [backend])
    assert "pixels = empty_pixels(image, out)" in built.files[f"case_{backend}.py"]
    module = built.modules[backend]
    image: Any = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    (wanted,) = run(module, {"image": image})
    whole: Any = np.full((2, 4, 5, 3), np.nan, np.float32)
    wide: Any = np.zeros((4, 10, 3), np.float32)
    if backend == "torch":
        image, whole, wide = (torch.from_numpy(x) for x in (image, whole, wide))
    for out in (whole[0], whole[1], wide[:, ::2]):
        assert module.preprocess(image, out=out) is out
        assert np.asarray(out).tobytes() == wanted.tobytes()


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


@pytest.mark.parametrize("backend", BACKENDS)
def test_out_is_what_the_planes_are_written_into(backend: str) -> None:
    built = build(source_of(Case(NORMAL + "layout(c, h, w)", image="u8[h, w, c=3] rgb")), [backend])
    module = built.modules[backend]
    image: Any = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    (wanted,) = run(module, {"image": image})
    out: Any = np.full((2, 3, 4, 5), np.nan, np.float32)
    if backend == "torch":
        image, out = torch.from_numpy(image), torch.from_numpy(out)
    for view in (out[1], out[0]):
        assert module.preprocess(image, out=view) is view
        assert np.asarray(view).tobytes() == wanted.tobytes()
    wide: Any = np.zeros((3, 4, 10), np.float32)
    strided = wide[:, :, ::2]
    if backend == "torch":
        strided = torch.from_numpy(wide)[:, :, ::2]
    assert module.preprocess(image, out=strided) is strided
    assert np.array_equal(np.asarray(strided), wanted)


@pytest.mark.parametrize("backend", ["numpy", "cv2"])
def test_an_out_that_cannot_hold_the_result_is_refused(backend: str) -> None:
    built = build(source_of(Case(NORMAL + "layout(c, h, w)", image="u8[h, w, c=3] rgb")), [backend])
    module = built.modules[backend]
    image = np.zeros((4, 5, 3), np.uint8)
    row = np.empty((4, 5), np.float32)
    locked = np.empty((3, 4, 5), np.float32)
    locked.flags.writeable = False
    for out, wanted in (
        (np.broadcast_to(row, (3, 4, 5)).copy()[:2], "got float32"),
        (np.lib.stride_tricks.as_strided(row, (3, 4, 5), (0, 20, 4)), "memory of its own"),
        (locked, "read-only"),
        (np.ma.zeros((3, 4, 5), np.float32), "MaskedArray"),
        ([1], "list"),
    ):
        with pytest.raises((TypeError, ValueError), match=wanted):
            module.preprocess(image, out=out)


@pytest.mark.parametrize("seed", range(1060, 1100))
def test_random(seed: int) -> None:
    agree_random(pre_pipeline(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1100, 2100))
def test_a_thousand_random(seed: int) -> None:
    agree_random(pre_pipeline(seed))


def agree_random(drawn: Drawn) -> None:
    try:
        agree(drawn.text, drawn.size, drawn.seed)
    except ValueError as error:
        assert "no size of picture passes" in str(error)  # noqa: PT017 - the pipeline may be so


CLIP = """convert(rgb)
resize(short=28, sampler=cv2.linear)
crop(center, h=24, w=24)
flip(horizontal)
to_float(scale=1/255)
normalize(mean=(0.4, 0.3, 0.2), std=(0.2, 0.3, 0.4))
"""


@pytest.mark.parametrize(
    "axes", ["c, t, h, w", "t, c, h, w", "t, h, w, c", "c, h, w, t", "t, w, h, c", "h, t, w, c"]
)
@pytest.mark.parametrize("image", ["u8[t=5, h, w, c=3] bgr", "u8[t, h, w, c=3] bgr"])
def test_a_clip_is_its_frames(axes: str, image: str) -> None:
    layout = "" if axes == "t, h, w, c" else f"layout({axes})"
    text = source_of(Case(CLIP + layout, image=image))
    agree(text, (33, 47))
    clip, still = build(text), build(source_of(Case(CLIP, image="u8[h, w, c=3] bgr")))
    frames = np.random.default_rng(3).integers(0, 256, (5, 33, 47, 3)).astype(np.uint8)
    compare(clip, {"image": frames})
    order = ["t", "h", "w", "c"]
    for backend in BACKENDS:
        (found,) = run(clip.modules[backend], {"image": frames})
        apart = [run(still.modules[backend], {"image": frame})[0] for frame in frames]
        wanted = np.stack(apart).transpose([order.index(axis) for axis in axes.split(", ")])
        assert np.array_equal(found, wanted)


def test_frames_share_one_loop_and_script() -> None:
    text = source_of(Case(CLIP + "layout(c, t, h, w)", image="u8[t, h, w, c=3] bgr"))
    fused, plain = both(text)
    assert text_of(dict(fused.files), "numpy").count(", frame in") == 1
    assert text_of(dict(plain.files), "numpy").count(", frame in") == 4
    assert "planes /= STD" not in text_of(dict(fused.files), "numpy")
    assert "plane /= STD[c]" in text_of(dict(fused.files), "numpy")
    module = fused.modules["torch"]
    clip = torch.from_numpy(np.random.default_rng(3).integers(0, 256, (5, 33, 47, 3), np.uint8))
    scripted = torch.jit.script(module.Preprocess())
    assert torch.equal(scripted(clip), module.preprocess(clip))


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


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_clip_is_written_into_out(backend: str) -> None:
    text = source_of(Case(CLIP + "layout(c, t, h, w)", image="u8[t, h, w, c=3] bgr"))
    module = build(text, [backend]).modules[backend]
    clip: Any = np.random.default_rng(3).integers(0, 256, (5, 33, 47, 3), np.uint8)
    (wanted,) = run(module, {"image": clip})
    out: Any = np.full((2, *wanted.shape), np.nan, np.float32)
    wide: Any = np.zeros((*wanted.shape[:3], 2 * wanted.shape[3]), np.float32)
    if backend == "torch":
        clip, out, wide = (torch.from_numpy(x) for x in (clip, out, wide))
    for place in (out[1], wide[..., ::2]):
        assert module.preprocess(clip, out=place) is place
        assert np.asarray(place).tobytes() == wanted.tobytes()
    with pytest.raises(ValueError, match="out"):
        module.preprocess(clip, out=out[0][:2])


@pytest.mark.parametrize("dtype", ["i64", "u16", "i32", "f16"])
def test_nearest_keeps_every_dtype(dtype: str) -> None:
    """OpenCV's resize, and torch's gather, do not take all of them."""
    text = source_of(Case("resize(h=3, w=4, sampler=cv2.nearest)", image=f"{dtype}[h, w, c=3] rgb"))
    x = np.arange(5 * 6 * 3).reshape(5, 6, 3) * (2**33 if dtype == "i64" else 1)
    names = {"i64": np.int64, "u16": np.uint16, "i32": np.int32, "f16": np.float16}
    compare(build(text), {"image": x.astype(names[dtype])})


def test_gamma_takes_what_a_cubic_resize_leaves_below_zero() -> None:
    text = source_of(
        Case("min_max(over=image, eps=0)\nresize(h=30, w=40, sampler=cv2.cubic)\ngamma(gamma=5/11)")
    )
    x = np.random.default_rng(1).integers(0, 2, (9, 11, 3)).astype(np.uint8) * 255
    built = build(text)
    compare(built, {"image": x})
    assert np.isfinite(run(built.modules["numpy"], {"image": x})[0]).all()
