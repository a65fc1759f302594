"""Configurations that people run, as `.proc` files, against those libraries' own arithmetic.

What is expected is computed with OpenCV, Pillow and torch as the named library calls them; the
files under `configurations/` are what a user would write.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from support import BACKENDS, build, run

FOLDER = Path(__file__).parent / "configurations"
PHOTOGRAPH = Path(__file__).parent.parent / "examples" / "classifier" / "chelsea.png"

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALF = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
CLIP = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
Stats = tuple[tuple[float, ...], tuple[float, ...]]


def to_tensor(image: Image.Image, stats: Stats) -> np.ndarray:
    """torchvision's ToTensor and Normalize."""
    x = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).to(torch.float32).div(255)
    mean, std = (torch.tensor(numbers)[:, None, None] for numbers in stats)
    return ((x - mean) / std).numpy()


def short_side(image: Image.Image, side: int, filter_: str) -> Image.Image:
    w, h = image.size
    size = (side, int(side * h / w)) if w <= h else (int(side * w / h), side)
    return image.resize(size, FILTERS[filter_])


def torchvision(resize: int, crop: int, filter_: str, stats: Stats = IMAGENET) -> Any:
    """ImageClassification, and timm's crop mode `center`: short side, centre crop."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        image = short_side(Image.fromarray(rgb), resize, filter_)
        w, h = image.size
        top, left = round((h - crop) / 2.0), round((w - crop) / 2.0)
        return to_tensor(image.crop((left, top, left + crop, top + crop)), stats)

    return expected


def segmentation(resize: int) -> Any:
    return lambda rgb: to_tensor(short_side(Image.fromarray(rgb), resize, "bilinear"), IMAGENET)


def squash(side: int, filter_: str, stats: Stats) -> Any:
    """timm's crop mode `squash` at crop_pct 1, and Hugging Face's fixed sizes."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        return to_tensor(Image.fromarray(rgb).resize((side, side), FILTERS[filter_]), stats)

    return expected


def hugging_face(
    resize: int | None, fixed: int | None, crop: int, filter_: str, stats: Stats
) -> Any:
    """Resize, centre crop with offsets rounded down, rescale, normalize."""

    def expected(rgb: np.ndarray) -> np.ndarray:
        image = Image.fromarray(rgb)
        if fixed:
            image = image.resize((fixed, fixed), FILTERS[filter_])
        elif resize:
            image = short_side(image, resize, filter_)
        x = np.asarray(image)
        top, left = (x.shape[0] - crop) // 2, (x.shape[1] - crop) // 2
        return to_tensor(Image.fromarray(x[top : top + crop, left : left + crop]), stats)

    return expected


def detr(side: int, cap: int) -> Any:
    def expected(rgb: np.ndarray) -> np.ndarray:
        h, w = rgb.shape[:2]
        short, long = min(h, w), max(h, w)
        exact = cap * short / long if long / short * side > cap else None
        to_short = side if exact is None else round(exact)
        to_long = int((side if exact is None else exact) * long / short)
        size = (to_long, to_short) if w >= h else (to_short, to_long)
        return to_tensor(Image.fromarray(rgb).resize(size, FILTERS["bilinear"]), IMAGENET)

    return expected


def letterbox(
    h: int,
    w: int,
    *,
    stride: int = 0,
    scaleup: bool = True,
    down: bool = False,
    corner: bool = False,
) -> Any:
    """Ultralytics' and YOLOX' letterboxes, from BGR."""

    def expected(bgr: np.ndarray) -> np.ndarray:
        ratio = min(h / bgr.shape[0], w / bgr.shape[1])
        ratio = ratio if scaleup else min(ratio, 1.0)
        turn: Callable[[float], int] = int if down else round
        inner = (turn(bgr.shape[1] * ratio), turn(bgr.shape[0] * ratio))
        dw, dh = w - inner[0], h - inner[1]
        if stride:
            dw, dh = dw % stride, dh % stride
        top, left = (0, 0) if corner else (round(dh / 2 - 0.1), round(dw / 2 - 0.1))
        resized = cv2.resize(bgr, inner, interpolation=cv2.INTER_LINEAR)
        boxed = cv2.copyMakeBorder(
            resized, top, dh - top, left, dw - left, cv2.BORDER_CONSTANT, value=(114, 114, 114)
        )
        planes = np.ascontiguousarray(boxed.transpose(2, 0, 1))
        if corner:  # YOLOX feeds BGR as it is
            return planes.astype(np.float32)
        return torch.from_numpy(planes[::-1].copy()).float().div(255).numpy()

    return expected


def model_zoo(
    size: tuple[int, int], mean: Any = 0.0, std: Any = 1.0, rgb: bool = False, area: bool = False
) -> Any:
    """Open Model Zoo's accuracy checker: cv2.resize, channels, mean, std, planes; from BGR."""

    def expected(bgr: np.ndarray) -> np.ndarray:
        mode = cv2.INTER_AREA if area else cv2.INTER_LINEAR
        x = cv2.resize(bgr, size[::-1], interpolation=mode)
        x = cv2.cvtColor(x, cv2.COLOR_BGR2RGB) if rgb else x
        real = (x.astype(np.float32) - np.array(mean, np.float32)) / np.array(std, np.float32)
        return real.transpose(2, 0, 1)

    return expected


CAFFE = (104.0, 117.0, 123.0)
EXPECTED: dict[str, dict[str, Any]] = {
    "torchvision": {
        "alexnet": torchvision(256, 224, "bilinear"),
        "resnet50_v2": torchvision(232, 224, "bilinear"),
        "convnext_tiny": torchvision(236, 224, "bilinear"),
        "efficientnet_b0": torchvision(256, 224, "bicubic"),
        "efficientnet_b1_v2": torchvision(255, 240, "bilinear"),
        "efficientnet_b3": torchvision(320, 300, "bicubic"),
        "efficientnet_v2_l": torchvision(480, 480, "bicubic", HALF),
        "inception_v3": torchvision(342, 299, "bilinear"),
        "swin_v2_t": torchvision(260, 256, "bicubic"),
        "vit_b_16_swag": torchvision(384, 384, "bicubic"),
        "deeplabv3_resnet50": segmentation(520),
    },
    "timm": {
        "vit_base_patch16_224_augreg": torchvision(248, 224, "bicubic", HALF),
        "resnet50_a1": torchvision(235, 224, "bicubic"),
        "efficientnet_b0_ra": torchvision(256, 224, "bicubic"),
        "mixer_b16_224": torchvision(256, 224, "bicubic", HALF),
        "tf_inception_v3": torchvision(341, 299, "bicubic", HALF),
        "deit3_small": torchvision(224, 224, "bicubic"),
        "convnext_base_clip": torchvision(256, 256, "bicubic", CLIP),
        "eva02_base_448": squash(448, "bicubic", CLIP),
        "vit_base_clip_336": squash(336, "bicubic", CLIP),
        "resnetv2_50x1_bit": squash(448, "bilinear", HALF),
    },
    "hugging_face": {
        "vit": squash(224, "bilinear", HALF),
        "siglip": squash(224, "bicubic", HALF),
        "swin": squash(224, "bicubic", IMAGENET),
        "segformer": squash(512, "bilinear", IMAGENET),
        "blip": squash(384, "bicubic", CLIP),
        "clip": hugging_face(224, None, 224, "bicubic", CLIP),
        "dinov2": hugging_face(256, None, 224, "bicubic", IMAGENET),
        "mobilenet_v2": hugging_face(256, None, 224, "bilinear", HALF),
        "deit": hugging_face(None, 256, 224, "bicubic", IMAGENET),
        "levit": hugging_face(256, None, 224, "bicubic", IMAGENET),
        "detr": detr(800, 1333),
        "yolos_small": detr(512, 864),
    },
    "ultralytics": {
        "yolo_320": letterbox(320, 320),
        "yolo_416": letterbox(416, 416),
        "yolo_512": letterbox(512, 512),
        "yolo_640": letterbox(640, 640),
        "yolo_960": letterbox(960, 960),
        "yolo_1280": letterbox(1280, 1280),
        "yolo_384x640": letterbox(384, 640),
        "yolo_640_rect": letterbox(640, 640, stride=32),
        "yolo_1280_rect": letterbox(1280, 1280, stride=64),
        "yolo_640_no_scaleup": letterbox(640, 640, scaleup=False),
        "yolox_640": letterbox(640, 640, down=True, corner=True),
    },
    "open_model_zoo": {
        "squeezenet": model_zoo((227, 227), CAFFE),
        "resnet_50_caffe": model_zoo((224, 224), CAFFE),
        "densenet_121": model_zoo((224, 224), (123.68, 116.78, 103.94), 58.8235294117647, rgb=True),
        "mobilenet_ssd": model_zoo((300, 300), 127.5, 127.5),
        "googlenet_v3": model_zoo((299, 299), 127.5, 127.5, rgb=True),
        "yolo_v3": model_zoo((416, 416), 0.0, 255.0, rgb=True),
        "age_gender": model_zoo((62, 62), 0.0, 255.0),
        "head_pose": model_zoo((60, 60)),
        "mobilenet_v2_torch": model_zoo(
            (224, 224), (123.675, 116.28, 103.53), (58.624, 57.12, 57.375), rgb=True
        ),
        "face_detection_area": model_zoo((300, 300), area=True),
    },
}
CASES = [(library, name) for library, found in EXPECTED.items() for name in found]


@pytest.mark.parametrize(("library", "name"), CASES, ids=[f"{a}-{b}" for a, b in CASES])
def test_configuration(library: str, name: str) -> None:
    text = (FOLDER / library / f"{name}.proc").read_text()
    bgr = cv2.imread(str(PHOTOGRAPH))
    assert bgr is not None
    built = build(text)
    (value,) = built.pipeline.inputs
    for image in (bgr, np.ascontiguousarray(np.rot90(bgr[7:, 13:]))):
        given = image if " bgr" in str(value.type) else np.ascontiguousarray(image[..., ::-1])
        wanted = EXPECTED[library][name](given)
        for backend in BACKENDS:
            (found,) = run(built.modules[backend], {value.name: given})
            assert found.dtype == np.float32
            assert found.shape == wanted.shape
            assert np.array_equal(found, wanted), f"{backend}: {np.abs(found - wanted).max()}"
