"""The fixed cost of a call: ImageNet on a picture of 16 x 16 pixels, to 12 x 12.

With so few pixels what counts is Python, checks of arguments, and the calls of libraries. The limit
is the same by hand, with the fewest calls.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from benchmarks import imagenet_cv2, imagenet_pil
from benchmarks.harness import Run, Workload, main
from benchmarks.imagenet_cv2 import MEAN_F32, STD_F32, TABLES, blob_parameters
from benchmarks.jobs import MEAN, STD, Job, job, photographs, rgb_of

SOURCE, SHORT, SIDE = 16, 14, 12
"""The sides of the picture, of the resized one before its crop, and of the result."""
EDGE = (SHORT - SIDE) // 2
MEAN_T, STD_T = torch.tensor(MEAN)[:, None, None], torch.tensor(STD)[:, None, None]


def by_opencv() -> Workload:
    ours = job(imagenet_cv2.PIPELINE.format(side=SIDE))
    title = "ImageNet by OpenCV, fixed cost: 16 x 16 to 12 x 12"
    work = Workload("fixed_cv2", title, ours.wanted, photographs(SOURCE, SOURCE), weighed=False)

    @work.add("limit: cv2 by hand, tuned", "limit", equal=True)
    def _() -> Run:
        return lambda image: imagenet_cv2.by_hand_tuned(image, SIDE)

    ours.enter(work)

    @work.add("cv2 and numpy by hand", "by hand", equal=True)
    def _() -> Run:
        return lambda image: imagenet_cv2.by_hand(image, SIDE)

    @work.add("cv2.dnn.blobFromImageWithParams")
    def _() -> Run:
        given = blob_parameters((SIDE, SIDE))
        return lambda image: cv2.dnn.blobFromImageWithParams(image, given)

    @work.add("albumentations")
    def _() -> Run:
        import albumentations

        stack = albumentations.Compose(
            [albumentations.Resize(SIDE, SIDE), albumentations.Normalize(MEAN, STD)]
        )

        def run(image: np.ndarray) -> np.ndarray:
            x = stack(image=cv2.cvtColor(image, cv2.COLOR_BGR2RGB))["image"]
            return np.ascontiguousarray(x.transpose(2, 0, 1))

        return run

    return work


def by_pillow() -> Workload:
    work = cropped("pil", "Pillow")[0]

    @work.add("limit: Pillow by hand, tuned", "limit", equal=True)
    def _() -> Run:
        def run(rgb: np.ndarray) -> np.ndarray:
            picture = Image.fromarray(rgb).resize((SHORT, SHORT), Image.Resampling.BILINEAR)
            planes = cv2.split(np.asarray(picture)[EDGE:-EDGE, EDGE:-EDGE])
            x = np.empty((3, SIDE, SIDE), np.float32)
            for i in range(3):
                cv2.LUT(planes[i], TABLES[i], dst=x[i])
            return x

        return run

    @work.add("Pillow and numpy by hand", "by hand", equal=True)
    def _() -> Run:
        def run(rgb: np.ndarray) -> np.ndarray:
            picture = Image.fromarray(rgb).resize((SHORT, SHORT), Image.Resampling.BILINEAR)
            x = np.asarray(picture.crop((EDGE, EDGE, EDGE + SIDE, EDGE + SIDE)))
            x = (x.astype(np.float32) / 255.0 - MEAN_F32) / STD_F32
            return np.ascontiguousarray(x.transpose(2, 0, 1))

        return run

    @work.add("Hugging Face, Pillow")
    def _() -> Run:
        from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

        processor = CLIPImageProcessorPil(
            size={"shortest_edge": SHORT},
            crop_size={"height": SIDE, "width": SIDE},
            resample=Image.Resampling.BILINEAR,
            image_mean=list(MEAN),
            image_std=list(STD),
        )
        return lambda rgb: processor(rgb, return_tensors="np")["pixel_values"][0]

    return work


def by_torch() -> Workload:
    work, ours = cropped("torch", "torch")

    @work.add("limit: torch by hand", "limit", equal=True)
    def _() -> Run:
        def run(rgb: np.ndarray) -> torch.Tensor:
            x = torch.from_numpy(rgb).permute(2, 0, 1)[None]
            x = functional.interpolate(x, (SHORT, SHORT), mode="bilinear", antialias=True)[0]
            x = x[:, EDGE:-EDGE, EDGE:-EDGE].float().div_(255)
            return x.sub_(MEAN_T).div_(STD_T)

        return run

    @work.add("procdsl torch, Preprocess()", "ours", equal=True)
    def _() -> Run:
        module = ours.modules["torch"].Preprocess()
        return lambda rgb: module(torch.from_numpy(rgb))

    @work.add("kornia", note="a Gaussian before a bilinear")
    def _() -> Run:
        import kornia

        def run(rgb: np.ndarray) -> Any:
            x = torch.from_numpy(rgb).permute(2, 0, 1)[None].float() / 255
            x = kornia.geometry.resize(x, (SHORT, SHORT), antialias=True)
            x = kornia.geometry.center_crop(x, (SIDE, SIDE))
            return kornia.enhance.normalize(x, torch.tensor(MEAN), torch.tensor(STD))

        return run

    return work


def cropped(library: str, title: str) -> tuple[Workload, Job]:
    """Resized by a library's antialiased kernel and cropped: the workload with our modules."""
    ours = job(imagenet_pil.pipeline(library, SHORT, SIDE))
    title = f"ImageNet by {title}, fixed cost: 16 x 16, short side 14, centre 12"
    pictures = [rgb_of(image) for image in photographs(SOURCE, SOURCE)]
    work = Workload(f"fixed_{library}", title, ours.wanted, pictures, weighed=False)
    ours.enter(work)
    return work, ours


if __name__ == "__main__":
    main([by_opencv, by_pillow, by_torch])
