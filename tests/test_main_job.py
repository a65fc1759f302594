"""The jobs that procdsl is for, against the code that people write by hand: the same bits."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from support import Built, build

PHOTOGRAPH = Path(__file__).parent.parent / "examples" / "classifier" / "chelsea.png"
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

BY_CV2 = """proc 1
pipeline by_cv2
input image: u8[h, w, c=3] bgr
pre {
    convert(rgb)
    resize(h=256, w=256, sampler=cv2.linear)
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    layout(c, h, w)
}
model x: f32[c=3, h=256, w=256] rgb -> logits: f32[class=1000]
"""
BY_PIL = """proc 1
pipeline by_pil
input image: u8[h, w, c=3] rgb
pre {
    resize(short=256, sampler=pil.bilinear)
    crop(center, h=224, w=224)
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    layout(c, h, w)
}
model x: f32[c=3, h=224, w=224] rgb -> logits: f32[class=1000]
"""
AFTER = """proc 1
pipeline after
model x: f32[c=3, h=224, w=224] rgb -> logits: f32[class=1000]
post {
    probabilities = softmax(logits, over=class)
    confidence, prediction = max(probabilities, over=class)
}
output prediction, confidence, probabilities
"""
DETECTOR = (Path(__file__).parent / "golden" / "yolov8" / "yolov8.proc").read_text()


def on_all(built: Built, image: np.ndarray) -> dict[str, np.ndarray]:
    modules = built.modules
    return {
        "numpy": modules["numpy"].preprocess(image),
        "cv2": modules["cv2"].preprocess(image),
        "torch": modules["torch"].preprocess(torch.from_numpy(image)).numpy(),
    }


def pictures() -> list[np.ndarray]:
    """The photograph (BGR) as it is, and cut to other shapes."""
    photograph = cv2.imread(str(PHOTOGRAPH))
    assert photograph is not None
    tall = np.ascontiguousarray(photograph[:, 100:351])
    return [photograph, tall, np.ascontiguousarray(photograph[20:276, 30:286])]


def test_imagenet_by_cv2() -> None:
    built = build(BY_CV2)
    for image in pictures():
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        x: np.ndarray = cv2.resize(rgb, (256, 256)).astype(np.float32) / np.float32(255)
        x = (x - np.array(MEAN, np.float32)) / np.array(STD, np.float32)
        by_hand = np.ascontiguousarray(x.transpose(2, 0, 1))
        for backend, found in on_all(built, image).items():
            assert found.dtype == np.float32
            assert found.tobytes() == by_hand.tobytes(), backend


def test_imagenet_by_pillow_and_torch() -> None:
    built = build(BY_PIL)
    for image in pictures():
        rgb = np.ascontiguousarray(image[:, :, ::-1])
        picture = Image.fromarray(rgb)
        w, h = picture.size
        short = min(h, w)
        size = (256 * w // short, 256 * h // short)
        resized = picture.resize(size, Image.Resampling.BILINEAR)
        left, top = round((size[0] - 224) / 2), round((size[1] - 224) / 2)
        cropped = resized.crop((left, top, left + 224, top + 224))
        x = torch.from_numpy(np.array(cropped)).permute(2, 0, 1).to(torch.float32).div(255)
        x = x.sub_(torch.tensor(MEAN)[:, None, None]).div_(torch.tensor(STD)[:, None, None])
        for backend, found in on_all(built, rgb).items():
            assert found.tobytes() == x.contiguous().numpy().tobytes(), backend


def test_softmax_argmax_and_confidence() -> None:
    modules = build(AFTER).modules
    rng = np.random.default_rng(0)
    for _ in range(20):
        logits = (rng.standard_normal(1000) * 5).astype(np.float32)
        wanted = torch.from_numpy(logits).to(torch.float64).softmax(0).to(torch.float32)
        confidence, prediction = wanted.max(0)
        for backend in ("numpy", "cv2"):
            found = modules[backend].postprocess(logits)
            assert found.prediction == int(prediction)
            assert np.abs(found.probabilities - wanted.numpy()).max() <= 6e-8
            assert abs(float(found.confidence) - float(confidence)) <= 6e-8
        result = modules["torch"].postprocess(torch.from_numpy(logits))
        assert int(result.prediction) == int(prediction)
        assert torch.equal(result.probabilities, wanted)


BOXES = np.array(
    [[100, 50, 400, 300], [1500, 700, 1919, 1079], [0, 0, 33, 47], [960, 540, 1000, 800]],
    np.float32,
)
CLASSES = [3, 17, 3, 79]


def drawn_detection(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A 1080 x 1920 picture with boxes drawn on it, and what a YOLOv8 would say of it.

    The boxes go through the letterbox by hand, as centre and size; each comes with a few slightly
    shifted copies of lower score, which must not come back, and there is noise of low score.
    """
    picture = np.full((1080, 1920, 3), 90, np.uint8)
    for x1, y1, x2, y2 in BOXES.astype(int).tolist():
        cv2.rectangle(picture, (x1, y1), (x2, y2), (0, 200, 255), 3)
    raw = np.zeros((84, 8400), np.float32)
    raw[4:] = rng.random((80, 8400), dtype=np.float32) * 0.2
    scale, top = 640 / 1920, (640 - 360) // 2
    for i, (box, label) in enumerate(zip(BOXES, CLASSES, strict=True)):
        x1, y1, x2, y2 = box * np.float32(scale) + np.array([0, top, 0, top], np.float32)
        for copy in range(3):
            anchor = 100 * i + copy
            shift = 0.02 * copy * (x2 - x1)
            raw[:4, anchor] = ((x1 + x2) / 2 + shift, (y1 + y2) / 2, x2 - x1, y2 - y1)
            raw[4 + label, anchor] = 0.9 - 0.1 * i - 0.01 * copy
    return picture, raw


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_boxes_come_back_in_the_pixels_of_the_picture(backend: str) -> None:
    module = build(DETECTOR, [backend]).modules[backend]
    picture, raw = drawn_detection(np.random.default_rng(0))
    if backend == "torch":
        x = module.preprocess(torch.from_numpy(picture)).numpy()
        found = module.postprocess(torch.from_numpy(raw), picture.shape[:2]).found
        found = type(found)(*(field.numpy() for field in found))
    else:
        x = module.preprocess(picture)
        found = module.postprocess(raw, image_size=picture.shape[:2]).found
    assert x.shape == (3, 640, 640)
    assert (x[:, :140] == np.float32(114) / np.float32(255)).all()
    assert found.classes.tolist() == CLASSES
    assert np.array_equal(np.round(found.boxes), BOXES)
    assert np.abs(found.boxes - BOXES).max() < 1e-3


def test_detector_agrees_on_all_backends() -> None:
    modules = build(DETECTOR).modules
    picture, raw = drawn_detection(np.random.default_rng(1))
    found = [modules[b].postprocess(raw, picture.shape[:2]).found for b in ("numpy", "cv2")]
    tensors = modules["torch"].postprocess(torch.from_numpy(raw), picture.shape[:2]).found
    found.append(type(found[0])(*(field.numpy() for field in tensors)))
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            assert a.tobytes() == b.tobytes()
