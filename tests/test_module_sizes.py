"""What the arguments of a function have in common: axes of one size, and sizes of pictures."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from support import BACKENDS, Built, as_input, build, given_to, picture, ramp, to_numpy

# Axes that several arguments have

SHARED = """proc 1
pipeline p
input left: u8[t, h, w] gray
input weights: f32[t, k]
input right: u8[t, h, w] gray
input keys: i64[k]
pre {
    a = resize(left, h=4, w=4, sampler=cv2.linear)
    b = resize(right, h=4, w=4, sampler=cv2.linear)
    c = clip(weights, min=0, max=1)
}
model a: u8[t, h=4, w=4] gray, b: u8[t, h=4, w=4] gray, c: f32[t, k], keys: i64[k]
    -> boxes: f32[n, box=4] boxes(xyxy, pixels) @a, scores: f32[n, class=1] probabilities,
    mask: f32[h, w]
post {
    found = nms(boxes, scores, score=0.1, iou=1, per=all, limit=9)
    found = back_to(found, left)
    best = argmax(mask, over=w)
}
output found, best
"""


@pytest.fixture(scope="module")
def shared() -> Built:
    return build(SHARED)


def inputs(t: int = 2, k: int = 3) -> dict[str, np.ndarray]:
    return {
        "left": ramp(t, 5, 6),
        "weights": ramp(t, k, dtype="float32"),
        "right": ramp(t, 9, 7),  # of another size: the sides of a picture are its own
        "keys": ramp(k, dtype="int64"),
    }


def outputs(n: int = 5) -> dict[str, np.ndarray]:
    return {
        "boxes": ramp(n, 4, dtype="float32"),
        "scores": ramp(n, 1, dtype="float32") / 10,
        "mask": ramp(3, 4, dtype="float32"),
    }


def given(arrays: dict[str, np.ndarray], backend: str) -> list[Any]:
    return [given_to(backend, x) for x in arrays.values()]


DIFFERING = [
    ({"right": ramp(3, 9, 7)}, "left and right: expected one size of t, got 2 and 3"),
    ({"weights": ramp(1, 3, dtype="float32")}, "left and weights: expected one size of t, "
     "got 2 and 1"),
    ({"keys": ramp(4, dtype="int64")}, "weights and keys: expected one size of k, got 3 and 4"),
]  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("other", "said"), DIFFERING)
def test_inputs_that_share_an_axis(
    shared: Built, backend: str, other: dict[str, np.ndarray], said: str
) -> None:
    module = shared.modules[backend]
    good, bad = given(inputs(), backend), given({**inputs(), **other}, backend)
    assert module.preprocess(*good).a.shape == (2, 4, 4)
    with pytest.raises(ValueError, match=f"^{said}$"):
        module.preprocess(*bad)
    with pytest.raises(ValueError, match=f"^sample 1: {said}$"):
        module.preprocess_batch(*zip(good, bad, strict=True))


@pytest.mark.parametrize("backend", BACKENDS)
def test_outputs_that_share_an_axis(shared: Built, backend: str) -> None:
    module = shared.modules[backend]
    good = given(outputs(), backend)
    bad = given({**outputs(), "scores": outputs(4)["scores"]}, backend)
    said = "boxes and scores: expected one size of n, got 5 and 4"
    assert len(module.postprocess(*good, (5, 6)).found.boxes) > 0
    with pytest.raises(ValueError, match=f"^{said}$"):
        module.postprocess(*bad, (5, 6))
    columns = [list(column) for column in zip(good, bad, strict=True)]
    with pytest.raises(ValueError, match=f"^sample 1: {said}$"):
        module.postprocess_batch(*columns, [(5, 6)] * 2)
    assert not len(module.postprocess(*given(outputs(0), backend), (5, 6)).found.boxes)


def test_scripted_code_holds_shared_axes(shared: Built) -> None:
    module = shared.modules["torch"]
    pre, post = (torch.jit.script(kind()) for kind in (module.Preprocess, module.Postprocess))
    for other, said in DIFFERING:
        assert pre(*given(inputs(), "torch")).a.shape == (2, 4, 4)
        with pytest.raises(torch.jit.Error, match=said):
            pre(*given({**inputs(), **other}, "torch"))
    bad = given({**outputs(), "scores": outputs(4)["scores"]}, "torch")
    with pytest.raises(torch.jit.Error, match="expected one size of n, got 5 and 4"):
        post(*bad, (5, 6))


FRAMES = """proc 1
pipeline p
input left: u8[rows, w] cv2.nv12
input right: u8[rows, w] cv2.nv12
pre {
    a = convert(left, rgb)
    a = resize(a, h=4, w=4, sampler=cv2.linear)
    b = convert(right, rgb)
    b = resize(b, h=4, w=4, sampler=cv2.linear)
}
model a: u8[h=4, w=4, c=3] rgb, b: u8[h=4, w=4, c=3] rgb
    -> boxes: f32[n, box=4] boxes(xyxy, pixels) @b
post {
    boxes = back_to(boxes, right)
}
output boxes
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_rows_of_a_frame_are_those_of_its_picture(backend: str) -> None:
    module = build(FRAMES, [backend]).modules[backend]
    frames = [given_to(backend, ramp(rows, 8)) for rows in (6, 12)]
    assert module.preprocess(*frames).b.shape == (4, 4, 3)
    boxes = given_to(backend, np.array([[1, 1, 2, 2]], np.float32))
    by_size = module.postprocess(boxes, (8, 8)).boxes
    assert to_numpy(by_size).tolist() == [[2, 2, 4, 4]]
    assert to_numpy(module.postprocess(boxes, frames[1]).boxes).tolist() == [[2, 2, 4, 4]]
    bad = given_to(backend, ramp(7, 8))
    with pytest.raises(ValueError, match="^right_size: no 4:2:0 frame has 7 rows"):
        module.postprocess(boxes, bad)


# The size of a picture, or the picture


BAD_SIZES = [
    (0, 30), (20, -1), (20,), (20, 30, 3), (20.5, 30), None, "ab", (True, 5), (20, np.True_),
    (10**30, 5), (20, 16385), 20, {"h": 20, "w": 30}, torch.tensor([True, True]),
]  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("size", BAD_SIZES, ids=repr)
def test_a_size_that_is_none(detector: Built, backend: str, size: Any) -> None:
    module = detector.modules[backend]
    raw = as_input(module, np.zeros((7, 40), np.float32))
    wanted = "image_size: expected the picture or its (height, width), of 1 to 16384 pixels, got "
    with pytest.raises(ValueError, match=f"^{re.escape(wanted + repr(size)[:60])}"):
        module.postprocess(raw, size)
    with pytest.raises(ValueError, match=f"^sample 0: {re.escape(wanted)}"):
        module.postprocess_batch([raw], [size])


@pytest.mark.parametrize("backend", BACKENDS)
def test_sizes_of_every_whole_number(detector: Built, backend: str) -> None:
    module = detector.modules[backend]
    raw = as_input(module, detections())
    wanted = boxes_of(module.postprocess(raw, (48, 80)))
    sizes: list[Any] = [[48, 80], np.array([48, 80]), (np.int32(48), np.uint8(80))]
    for size in [*sizes, torch.tensor([48, 80]), torch.Size([48, 80])]:
        assert np.array_equal(boxes_of(module.postprocess(raw, size)), wanted)


def detections() -> np.ndarray:
    raw = np.zeros((7, 40), np.float32)
    raw[:, 7] = [32, 32, 16, 16, 0.9, 0.1, 0.1]
    return raw


def boxes_of(found: Any) -> np.ndarray:
    boxes: np.ndarray = to_numpy(found.found.boxes)
    assert boxes.shape == (1, 4)
    return boxes


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_picture_stands_for_its_size(detector: Built, backend: str) -> None:
    module = detector.modules[backend]
    raw = as_input(module, detections())
    wide, high = (given_to(backend, picture(*size)) for size in ((48, 80), (80, 48)))
    by_size = [module.postprocess(raw, size) for size in ((48, 80), (80, 48))]
    by_picture = [module.postprocess(raw, image) for image in (wide, high)]
    assert not np.array_equal(boxes_of(by_size[0]), boxes_of(by_size[1]))
    for found, wanted in zip(by_picture, by_size, strict=True):
        assert np.array_equal(boxes_of(found), boxes_of(wanted))
    mixed = module.postprocess_batch([raw, raw], [wide, (80, 48)])
    assert [boxes_of(x).tolist() for x in mixed] == [boxes_of(x).tolist() for x in by_size]
    stacked = torch.stack([wide, wide]) if backend == "torch" else np.stack([wide, wide])
    for found in module.postprocess_batch([raw, raw], stacked, workers=2):
        assert np.array_equal(boxes_of(found), boxes_of(by_size[0]))


@pytest.mark.parametrize("backend", BACKENDS)
def test_sides_are_read_by_name(backend: str) -> None:
    text = """proc 1
pipeline p
input image: f32[c=3, w=80, h]
pre {
    layout(h, w, c)
    crop(center, h=8, w=8)
}
model x: f32[h=8, w=8, c=3] -> boxes: f32[n, box=4] boxes(xyxy, pixels)
post {
    boxes = back_to(boxes, image)
}
output boxes
"""
    module = build(text, [backend]).modules[backend]
    boxes = given_to(backend, np.array([[1, 2, 3, 4]], np.float32))
    image = given_to(backend, np.zeros((3, 80, 48), np.float32))
    assert to_numpy(module.postprocess(boxes, image).boxes).tolist() == [[37, 22, 39, 24]]


@pytest.mark.parametrize("backend", BACKENDS)
def test_another_array_is_no_picture(detector: Built, backend: str) -> None:
    """What the model was fed has other axes than the picture."""
    module = detector.modules[backend]
    raw, image = as_input(module, detections()), given_to(backend, picture(48, 80))
    fed = module.preprocess(image)
    with pytest.raises(TypeError, match="^image_size: expected dtype .*uint8, got .*float32$"):
        module.postprocess(raw, fed)
    said = r"^image_size: expected shape \(h, w, 3\), got [\[(]3, 64, 64"
    with pytest.raises(ValueError, match=said):
        module.postprocess(raw, given_to(backend, np.zeros((3, 64, 64), np.uint8)))


def test_scripted_code_takes_no_picture(detector: Built) -> None:
    module = detector.modules["torch"]
    scripted = torch.jit.script(module.Postprocess())
    raw = torch.from_numpy(detections())
    wanted = boxes_of(module.postprocess(raw, (48, 80)))
    for size in ((48, 80), torch.tensor([48, 80]), [(48, 80)]):
        found = scripted(raw, size).found
        assert np.array_equal(found.boxes[: found.counts].numpy(), wanted)
    assert np.array_equal(
        boxes_of(module.Postprocess()(raw, torch.from_numpy(picture(48, 80)))), wanted
    )
    with pytest.raises(torch.jit.Error, match="image_size: expected sizes of 4, got 0"):
        scripted(raw, torch.from_numpy(picture(48, 80)))
    with pytest.raises(torch.jit.Error, match="of 1 to 16384 pixels, got \\(0, 80\\)"):
        scripted(raw, (0, 80))


# Workers


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("workers", [0, -1, 1.0, "2", None, True, np.int64(2)])
def test_workers(u8: Built, backend: str, workers: Any) -> None:
    said = re.escape(f"workers: expected a whole number above 0, got {workers!r}")
    with pytest.raises(ValueError, match=f"^{said}$"):
        u8.modules[backend].preprocess_batch([], workers=workers)
