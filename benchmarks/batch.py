"""A batch of 64 pictures of mixed sizes, each as in `imagenet_cv2`, stacked."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import torch

from benchmarks.harness import Run, Workload, main
from benchmarks.imagenet_cv2 import PIPELINE, blob_parameters, by_hand, by_hand_tuned
from benchmarks.jobs import MEAN, STD, job, photograph

COUNT = 64


def pictures() -> list[np.ndarray]:
    """Sides between 300 and 640, as photographs in data sets have them."""
    rng = np.random.default_rng(0)
    return [photograph(h, w) for h, w in rng.integers(300, 641, (COUNT, 2)).tolist()]


def workload() -> Workload:
    images = pictures()
    ours = job(PIPELINE)
    title = f"A batch of {COUNT} pictures of mixed sizes to 256 x 256"
    work = Workload("batch", title, lambda: np.stack([ours.wanted(x) for x in images]))

    @work.add("limit: cv2.resize, one write of the output", "limit")
    def _() -> Run:
        written = np.zeros((COUNT, 3, 256, 256), np.float32)

        def run() -> Any:
            for image in images:
                cv2.resize(image, (256, 256))
            return written.copy()

        return run

    for backend, module in ours.modules.items():
        given = [torch.from_numpy(x) for x in images] if backend == "torch" else images
        for workers in (1, 2):

            def make(module: Any = module, given: Any = given, workers: int = workers) -> Run:
                return lambda: module.preprocess_batch(given, workers=workers)

            note = "two threads" if workers == 2 else ""
            name = f"procdsl {backend}, workers={workers}"
            work.add(name, "ours", equal=True, note=note)(make)

    @work.add("cv2 and numpy by hand", "by hand", equal=True)
    def _() -> Run:
        return lambda: np.stack([by_hand(image) for image in images])

    @work.add("cv2 by hand, tuned", "by hand", equal=True)
    def _() -> Run:
        return lambda: np.stack([by_hand_tuned(image) for image in images])

    @work.add("cv2.dnn.blobFromImagesWithParams")
    def _() -> Run:
        given = blob_parameters((256, 256))
        return lambda: cv2.dnn.blobFromImagesWithParams(images, given)

    @work.add("albumentations")
    def _() -> Run:
        import albumentations

        stack = albumentations.Compose(
            [albumentations.Resize(256, 256), albumentations.Normalize(MEAN, STD)]
        )

        def one(image: np.ndarray) -> np.ndarray:
            x: np.ndarray = stack(image=cv2.cvtColor(image, cv2.COLOR_BGR2RGB))["image"]
            return x.transpose(2, 0, 1)

        return lambda: np.stack([one(image) for image in images])

    @work.add("Hugging Face, Pillow", note="Pillow's antialiased bilinear")
    def _() -> Run:
        from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

        size = {"height": 256, "width": 256}
        processor = ViTImageProcessorPil(size=size, image_mean=list(MEAN), image_std=list(STD))
        rgb = [np.ascontiguousarray(image[:, :, ::-1]) for image in images]
        return lambda: np.asarray(processor(rgb, return_tensors="np")["pixel_values"])

    return work


if __name__ == "__main__":
    main([workload])
