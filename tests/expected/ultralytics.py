"""Ultralytics' and YOLOX' pictures, from BGR, written from their documentation."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import torch
from expected.common import Expected, classification


def letterbox(
    h: int,
    w: int,
    *,
    stride: int = 0,
    scaleup: bool = True,
    down: bool = False,
    corner: bool = False,
) -> Expected:
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
        if corner:  # YOLOX feeds BGR as it is
            return np.ascontiguousarray(boxed.transpose(2, 0, 1)).astype(np.float32)
        return scaled_planes(boxed)

    return expected


def scaled_planes(bgr: np.ndarray) -> np.ndarray:
    return torch.from_numpy(bgr.transpose(2, 0, 1)[::-1].copy()).float().div(255).numpy()


def stretched(side: int) -> Expected:
    """RT-DETR: the letterbox that fills the square without keeping the shape."""

    def expected(bgr: np.ndarray) -> np.ndarray:
        return scaled_planes(cv2.resize(bgr, (side, side), interpolation=cv2.INTER_LINEAR))

    return expected


def classified(side: int) -> Expected:
    """The models for classification: torchvision's transforms with the mean 0 and the std 1."""
    expected = classification(side, side, "bilinear", ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)))
    return lambda bgr: expected(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))


EXPECTED: dict[str, Expected] = {
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
    "yolo_obb_1024": letterbox(1024, 1024, stride=32),
    "yolo_cls_224": classified(224),
    "yolo_cls_64": classified(64),
    "rtdetr_640": stretched(640),
    "yolox_640": letterbox(640, 640, down=True, corner=True),
}
