"""Open Model Zoo's accuracy checker, and Caffe's own transformer, with OpenCV and numpy."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from expected.common import Expected


def checker(
    size: tuple[int, int], mean: Any = 0.0, std: Any = 1.0, rgb: bool = False, area: bool = False
) -> Expected:
    """cv2.resize, channels, mean, std, planes; from BGR."""

    def expected(bgr: np.ndarray) -> np.ndarray:
        mode = cv2.INTER_AREA if area else cv2.INTER_LINEAR
        x = cv2.resize(bgr, size[::-1], interpolation=mode)
        x = cv2.cvtColor(x, cv2.COLOR_BGR2RGB) if rgb else x
        real = (x.astype(np.float32) - np.array(mean, np.float32)) / np.array(std, np.float32)
        return real.transpose(2, 0, 1)

    return expected


def caffe_scaled(size: tuple[int, int], mean: tuple[float, ...], scale: float) -> Expected:
    """Caffe's `set_mean` and `set_input_scale`: a difference, then a product."""

    def expected(bgr: np.ndarray) -> np.ndarray:
        x = cv2.resize(bgr, size[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
        x -= np.array(mean, np.float32)
        x *= scale
        return x.transpose(2, 0, 1)

    return expected


CAFFE = (104.0, 117.0, 123.0)

EXPECTED: dict[str, Expected] = {
    "squeezenet": checker((227, 227), CAFFE),
    "resnet_50_caffe": checker((224, 224), CAFFE),
    "densenet_121": checker((224, 224), (123.68, 116.78, 103.94), 58.8235294117647, rgb=True),
    "mobilenet_ssd": checker((300, 300), 127.5, 127.5),
    "googlenet_v3": checker((299, 299), 127.5, 127.5, rgb=True),
    "yolo_v3": checker((416, 416), 0.0, 255.0, rgb=True),
    "age_gender": checker((62, 62), 0.0, 255.0),
    "head_pose": checker((60, 60)),
    "mobilenet_v2_torch": checker(
        (224, 224), (123.675, 116.28, 103.53), (58.624, 57.12, 57.375), rgb=True
    ),
    "face_detection_area": checker((300, 300), area=True),
    "mobilenet_v1_caffe": caffe_scaled((224, 224), (103.94, 116.78, 123.68), 0.017),
    "mobilenet_ssd_caffe": caffe_scaled((300, 300), (127.5, 127.5, 127.5), 0.007843),
}
