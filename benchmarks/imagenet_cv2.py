"""ImageNet by OpenCV: BGR u8 500 x 375 to RGB 256 x 256 by cv2.linear, normalised, CHW f32."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from torch.nn import functional

from benchmarks import peers
from benchmarks.harness import Run, Workload, main
from benchmarks.jobs import MEAN, STD, job, photographs, rgb_of

PIPELINE = """proc 1
pipeline imagenet_cv2
input image: u8[h, w, c=3] bgr
pre {{
    convert(rgb)
    resize(h={side}, w={side}, sampler=cv2.linear)
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    layout(c, h, w)
}}
model x: f32[c=3, h={side}, w={side}] rgb -> logits: f32[class=1000]
"""
SIDE = 256
MEAN_F32, STD_F32 = np.array(MEAN, np.float32), np.array(STD, np.float32)
TABLES = tuple(
    (np.arange(256, dtype=np.float32) / 255 - m) / s for m, s in zip(MEAN_F32, STD_F32, strict=True)
)
BILINEAR = "bilinear in f32, not cv2's fixed point"


def by_hand(image: np.ndarray, side: int = SIDE) -> np.ndarray:
    """As tutorials have it."""
    rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    x = cv2.resize(rgb, (side, side)).astype(np.float32) / 255.0
    return np.ascontiguousarray(((x - MEAN_F32) / STD_F32).transpose(2, 0, 1))


def by_hand_tuned(image: np.ndarray, side: int = SIDE) -> np.ndarray:
    """As one writes it who has measured: u8 to the end, then a table for each plane."""
    planes = cv2.split(cv2.resize(image, (side, side)))
    x = np.empty((3, side, side), np.float32)
    for i in range(3):
        cv2.LUT(planes[2 - i], TABLES[i], dst=x[i])
    return x


def by_hand_kept(count: int, side: int = SIDE) -> Run:
    """The same on a batch, where one keeps all memory: what it gives is overwritten by the next."""
    resized = np.empty((count, side, side, 3), np.uint8)
    planes = np.empty((3, side, side), np.uint8)
    out = np.empty((count, 3, side, side), np.float32)

    def run(images: Sequence[np.ndarray]) -> np.ndarray:
        for image, x, y in zip(images, resized, out, strict=True):
            cv2.resize(image, (side, side), dst=x)
            cv2.split(x, tuple(planes))
            for i in range(3):
                cv2.LUT(planes[2 - i], TABLES[i], dst=y[i])
        return out

    return run


def blob_parameters(size: tuple[int, int]) -> Any:
    """What `cv2.dnn.blobFromImageWithParams` needs to know; its mean and std are in pixels."""
    given = cv2.dnn.Image2BlobParams()
    given.size, given.swapRB = size, True
    given.mean = (*(255 * m for m in MEAN), 0.0)
    given.scalefactor = (*(1 / (255 * s) for s in STD), 1.0)
    return given


def workload() -> Workload:
    ours = job(PIPELINE.format(side=SIDE))
    title = "ImageNet by OpenCV: 500 x 375 to 256 x 256"
    work = Workload("imagenet_cv2", title, ours.wanted, photographs(375, 500))
    mean, std = torch.tensor(MEAN)[:, None, None], torch.tensor(STD)[:, None, None]

    @work.add("limit: cv2.resize, one write of the output", "limit")
    def _() -> Run:
        written = np.zeros((3, 256, 256), np.float32)
        return lambda image: (cv2.resize(image, (256, 256)), written.copy())

    ours.enter(work)
    ours.enter(work, out=True)
    work.add("cv2 and numpy by hand", "by hand", equal=True)(lambda: by_hand)
    work.add("cv2 by hand, tuned", "by hand", equal=True)(lambda: by_hand_tuned)

    @work.add("cv2 by hand, tuned, memory kept", "by hand", equal=True)
    def _() -> Run:
        run = by_hand_kept(1)
        return lambda image: run([image])[0]

    @work.add("cv2.dnn.blobFromImageWithParams")
    def _() -> Run:
        given = blob_parameters((256, 256))
        return lambda image: cv2.dnn.blobFromImageWithParams(image, given)

    @work.add("torch, resized as u8", note="torch's own bilinear on u8")
    def _() -> Run:
        def run(image: np.ndarray) -> torch.Tensor:
            x = torch.from_numpy(image).flip(2).permute(2, 0, 1)[None]
            x = functional.interpolate(x, (256, 256), mode="bilinear")[0]
            return x.float().div_(255).sub_(mean).div_(std)

        return run

    @work.add("torch, resized as f32", note=BILINEAR)
    def _() -> Run:
        def run(image: np.ndarray) -> torch.Tensor:
            x = torch.from_numpy(image[:, :, ::-1].copy()).permute(2, 0, 1)[None].float() / 255
            x = functional.interpolate(x, (256, 256), mode="bilinear")[0]
            return (x - mean) / std

        return run

    @work.add("albumentations")
    def _() -> Run:
        import albumentations

        stack = albumentations.Compose(
            [albumentations.Resize(256, 256), albumentations.Normalize(MEAN, STD)]
        )

        def run(image: np.ndarray) -> np.ndarray:
            x = stack(image=cv2.cvtColor(image, cv2.COLOR_BGR2RGB))["image"]
            return np.ascontiguousarray(x.transpose(2, 0, 1))

        return run

    @work.add("kornia", note=BILINEAR)
    def _() -> Run:
        import kornia

        def run(image: np.ndarray) -> torch.Tensor:
            x = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
            x = kornia.geometry.resize(kornia.color.bgr_to_rgb(x), (256, 256))
            return kornia.enhance.normalize(x, torch.tensor(MEAN), torch.tensor(STD))

        return run

    @work.add("ONNX Runtime, a graph", note=BILINEAR)
    def _() -> Run:
        return peers.onnx_graph(GRAPH, SIDE, SIDE)

    @work.add("OpenVINO's preprocessor", note=BILINEAR)
    def _() -> Run:
        def steps(given: Any, names: Any) -> None:
            given.convert_element_type(peers.float_type()).convert_color(names.ColorFormat.RGB)
            given.resize(names.ResizeAlgorithm.RESIZE_LINEAR)
            given.mean([255 * m for m in MEAN]).scale([255 * s for s in STD])

        return peers.openvino_model((375, 500), (1, 3, SIDE, SIDE), "BGR", steps)

    @work.add("Hugging Face, Pillow", note="Pillow's antialiased bilinear", prepare=rgb_of)
    def _() -> Run:
        from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

        size = {"height": 256, "width": 256}
        processor = ViTImageProcessorPil(size=size, image_mean=list(MEAN), image_std=list(STD))
        return lambda rgb: processor(rgb, return_tensors="np")["pixel_values"][0]

    return work


GRAPH = """
    <int64[1] first = {0}, int64[3] order = {2, 1, 0}, int64[4] size = {1, 3, 256, 256},
     float[1, 3, 1, 1] mean = {123.675, 116.28, 103.53},
     float[1, 3, 1, 1] std = {58.395, 57.12, 57.375}>
    {
        planes = Transpose<perm = [2, 0, 1]>(image)
        rgb = Gather<axis = 0>(planes, order)
        batch = Unsqueeze(rgb, first)
        real = Cast<to = 1>(batch)
        resized = Resize<mode = "linear">(real, , , size)
        centred = Sub(resized, mean)
        scaled = Div(centred, std)
        y = Squeeze(scaled, first)
    }"""

if __name__ == "__main__":
    main([workload])
