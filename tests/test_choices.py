"""What hints say that their choices compute, in numbers."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from checking import FLOAT, text
from support import build, picture, run
from test_hints import found_in

from procdsl.checker.check import check
from procdsl.source import Source

BACKENDS = ("numpy", "cv2", "torch")
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def hint(source: str) -> str:
    (diagnostic,) = found_in(source)
    assert diagnostic.fixes == ()
    return diagnostic.hint


def fed(source: str, image: np.ndarray) -> list[np.ndarray]:
    """What each backend feeds to the model."""
    built = build(source)
    name = built.pipeline.inputs[0].name
    return [run(built.modules[backend], {name: image})[0] for backend in BACKENDS]


def test_statistics_of_the_other_order_as_a_model_was_trained_with_them() -> None:
    """PP-OCR's detector takes BGR pictures with ImageNet's numbers in their own order."""
    steps = (FLOAT, f"normalize(mean={MEAN}, std={STD})")
    source = text(*steps, image="u8[h, w, c=3] bgr", model="f32[h, w, c=3] bgr")
    way = 'write `allow E321 "why"` behind the step'
    assert hint(source).endswith(way)
    allowed = source.replace(f"std={STD})", f'std={STD}) allow E321 "trained so"')
    image = picture()
    mean, std = np.array(MEAN, np.float32), np.array(STD, np.float32)
    trained = (image.astype(np.float32) / 255 - mean) / std
    for found in fed(allowed, image):
        assert np.array_equal(found, trained)


def test_a_resize_of_16_bits_in_floats() -> None:
    resize = "resize(h=17, w=23, sampler=cv2.linear)"
    scale = "to_float(scale=1/65535)"
    model = "f32[h=17, w=23]"
    said = hint(text(resize, scale, image="u16[h, w]", model=model))
    assert f"- `{scale}` before this step: means in f32" in said
    assert "cv2.nearest" not in said
    image = np.random.default_rng(0).integers(0, 65_536, (60, 50)).astype(np.uint16)
    rounded = cv2.resize(image, (23, 17), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    for found in fed(text(scale, resize, image="u16[h, w]", model=model), image):
        assert np.abs(found - rounded / 65535).max() < 3 / 65535


def test_numbers_with_a_sign_in_16_bits_are_kept_by_i32() -> None:
    window = "window(center=40, width=400, form=clip)"
    source = text(window, image="i16[h, w]", model="f32[h, w]")
    assert "cast the array to i32 by the caller, which keeps every number" in hint(source)
    image = np.random.default_rng(0).integers(-1024, 3072, (32, 40)).astype(np.int16)
    wanted = ((np.clip(image.astype(np.float64), -160, 240) + 160) / 400).astype(np.float32)
    for found in fed(source.replace("i16", "i32"), image.astype(np.int32)):
        assert np.array_equal(found, wanted)


def test_a_monochrome_frame_with_an_axis_for_its_channel() -> None:
    steps = ("letterbox(h=40, w=40, fill=114, sampler=cv2.linear)", FLOAT, "layout(c, h, w)")
    source = text(*steps, image="u8[h, w] gray", model="f32[c=1, h=40, w=40] gray")
    frame = picture(20, 40)[..., 0]
    boxed = np.full((1, 40, 40), 114, np.uint8)
    boxed[0, 10:30] = frame
    for found in fed(source, frame):
        assert np.array_equal(found, boxed.astype(np.float32) / 255)


def test_one_side_of_a_text_line_is_not_made_a_square() -> None:
    """PP-OCR's recogniser: height 48, the width in proportion, 320 at most, then zeros."""
    steps = ("resize(h=48, sampler=cv2.linear)", "pad(h=48, w=320, anchor=top_left, fill=0)")
    source = text(*steps, model="u8[h=48, w=320, c=3] rgb")
    said = hint(source)
    for way in ("`w=` with a number", "`short=48` or `long=48`", "`fit=(48, w)`, with a number"):
        assert way in said
    assert "w=48" not in said
    fitted = source.replace("h=48, sampler", "fit=(48, 320), sampler")
    line = picture(40, 100)
    wanted = np.zeros((48, 320, 3), np.uint8)
    wanted[:, :120] = cv2.resize(line, (120, 48), interpolation=cv2.INTER_LINEAR)
    for found in fed(fitted, line):
        assert np.array_equal(found, wanted)


def test_what_there_is_not_yet_is_said() -> None:
    frame = text(
        "convert(rgb, range=full)", image="u8[rows, w] cv2.nv12", model="u8[h, w, c=3] rgb"
    )
    assert "studio range, Y 16..235" in hint(frame)


@pytest.mark.parametrize("name", ["l2_normalise", "l2normalize", "L2_Normalize", "l2_normalize_"])
def test_a_slip_of_l2_normalize_is_not_taken_for_normalize(name: str) -> None:
    embedding = (
        "proc 1\npipeline p\nmodel x: f32[n=3] -> e: f32[d=8]\n"
        f"post {{\n    e = {name}(e, over=d)\n}}\noutput e\n"
    )
    (diagnostic,) = check(Source("p.proc", embedding)).diagnostics
    assert [edit.text for fix in diagnostic.fixes for edit in fix.edits] == ["l2_normalize"]
