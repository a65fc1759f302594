"""A batch of 64 pictures of mixed sizes, each as in `imagenet_cv2`, stacked."""

from __future__ import annotations

from functools import partial
from typing import Any

import cv2
import numpy as np
import torch

from benchmarks.harness import Run, Workload, as_it_is, main
from benchmarks.imagenet_cv2 import (
    PIPELINE,
    SIDE,
    blob_parameters,
    by_hand,
    by_hand_kept,
    by_hand_tuned,
)
from benchmarks.jobs import MEAN, PHOTOGRAPHS, STD, Job, job, photograph, rgb_of

COUNT = 64


def pictures(first: int) -> list[np.ndarray]:
    """Sides between 300 and 640, as photographs in data sets have them; all photographs in turn."""
    rng = np.random.default_rng(0)
    sizes = rng.integers(300, 641, (COUNT, 2)).tolist()
    files = [PHOTOGRAPHS[(first + i) % len(PHOTOGRAPHS)] for i in range(COUNT)]
    return [photograph(h, w, file) for (h, w), file in zip(sizes, files, strict=True)]


def workload() -> Workload:
    ours = job(PIPELINE.format(side=SIDE))
    title = f"A batch of {COUNT} pictures of mixed sizes to 256 x 256"
    batches = [pictures(first) for first in range(2)]
    work = Workload("batch", title, lambda images: np.stack([*map(ours.wanted, images)]), batches)

    @work.add("limit: cv2.resize, one write of the output", "limit")
    def _() -> Run:
        written = np.zeros((COUNT, 3, SIDE, SIDE), np.float32)

        def run(images: list[np.ndarray]) -> Any:
            for image in images:
                cv2.resize(image, (SIDE, SIDE))
            return written.copy()

        return run

    entered(work, ours)

    @work.add("cv2 and numpy by hand", "by hand", equal=True)
    def _() -> Run:
        return lambda images: np.stack([by_hand(image) for image in images])

    @work.add("cv2 by hand, tuned", "by hand", equal=True)
    def _() -> Run:
        return lambda images: np.stack([by_hand_tuned(image) for image in images])

    work.add("cv2 by hand, tuned, memory kept", "by hand", equal=True)(lambda: by_hand_kept(COUNT))
    others(work)
    return work


def entered(work: Workload, ours: Job) -> None:
    """The modules on one thread and on two, with a fresh result; OpenCV's into `out`, too."""
    for backend, module in ours.modules.items():
        prepare = tensors if backend == "torch" else as_it_is
        for workers in (1, 2):
            name = f"procdsl {backend}, workers={workers}"
            note = "two threads" if workers == 2 else ""
            run = partial(module.preprocess_batch, workers=workers)
            work.add(name, "ours", equal=True, note=note, prepare=prepare)(partial(as_it_is, run))

    @work.add("procdsl cv2, out=", "ours", equal=True)
    def _() -> Run:
        out = np.empty((COUNT, 3, SIDE, SIDE), np.float32)
        return partial(ours.modules["cv2"].preprocess_batch, out=out)


def tensors(images: list[np.ndarray]) -> list[torch.Tensor]:
    return [torch.from_numpy(image) for image in images]


def others(work: Workload) -> None:
    """The peers."""

    @work.add("cv2.dnn.blobFromImagesWithParams")
    def _() -> Run:
        given = blob_parameters((256, 256))
        return lambda images: cv2.dnn.blobFromImagesWithParams(images, given)

    @work.add("albumentations")
    def _() -> Run:
        import albumentations

        stack = albumentations.Compose(
            [albumentations.Resize(256, 256), albumentations.Normalize(MEAN, STD)]
        )

        def one(image: np.ndarray) -> np.ndarray:
            x: np.ndarray = stack(image=cv2.cvtColor(image, cv2.COLOR_BGR2RGB))["image"]
            return x.transpose(2, 0, 1)

        return lambda images: np.stack([one(image) for image in images])

    def rgb(images: list[np.ndarray]) -> list[np.ndarray]:
        return [rgb_of(image) for image in images]

    @work.add("Hugging Face, Pillow", note="Pillow's antialiased bilinear", prepare=rgb)
    def _() -> Run:
        from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

        size = {"height": 256, "width": 256}
        processor = ViTImageProcessorPil(size=size, image_mean=list(MEAN), image_std=list(STD))
        return lambda images: np.asarray(processor(images, return_tensors="np")["pixel_values"])


if __name__ == "__main__":
    main([workload])
