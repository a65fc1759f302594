"""An epoch of a DataLoader with two workers: 48 pictures of mixed sizes in batches of 8.

The pictures are in memory, so that no file is decoded. The limit gives pictures that are processed
already: it is what batches take from the workers to the main process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from benchmarks.batch import pictures
from benchmarks.harness import Run, Workload, main
from benchmarks.imagenet_cv2 import PIPELINE, SIDE, by_hand, by_hand_tuned
from benchmarks.jobs import job

COUNT, BATCH, WORKERS = 48, 8, 2


class Pictures(Dataset[torch.Tensor]):
    """Pictures, and what a worker does to each."""

    def __init__(self, images: list[np.ndarray], process: Callable[[np.ndarray], Any]) -> None:
        self.images, self.process = images, process

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, number: int) -> torch.Tensor:
        return torch.as_tensor(self.process(self.images[number]))


def start_worker(number: int) -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def epochs(
    images: list[np.ndarray],
    process: Callable[[np.ndarray], Any],
    after: Callable[[list[torch.Tensor]], torch.Tensor] | None = None,
) -> Run:
    """A run through all batches; `after` is done in the main process, to a list of pictures."""
    loader = DataLoader(
        Pictures(images, process),
        batch_size=BATCH,
        num_workers=WORKERS,
        worker_init_fn=start_worker,
        persistent_workers=True,
        collate_fn=list if after else None,
    )
    if after is None:
        return lambda: list(loader)
    return lambda: [after(batch) for batch in loader]


def workload() -> Workload:
    images = pictures(0)[:COUNT]
    ours = job(PIPELINE.format(side=SIDE))
    wanted = np.stack([ours.wanted(image) for image in images])
    title = f"A DataLoader with {WORKERS} workers: {COUNT} pictures in batches of {BATCH}"
    work = Workload("loader", title, lambda: wanted, weighed=False)

    @work.add("limit: pictures that are processed already", "limit")
    def _() -> Run:
        ready = torch.zeros(3, SIDE, SIDE)
        return epochs(images, lambda image: ready)

    for backend in ("numpy", "cv2"):
        process = ours.modules[backend].preprocess

        @work.add(f"procdsl {backend}, in the workers", "ours", equal=True)
        def _(process: Callable[..., Any] = process) -> Run:
            return epochs(images, process)

    @work.add("procdsl torch, in the workers", "ours", equal=True)
    def _() -> Run:
        preprocess = ours.modules["torch"].preprocess
        return epochs(images, lambda image: preprocess(torch.from_numpy(image)))

    @work.add("procdsl torch, in the main process", "ours", equal=True)
    def _() -> Run:
        return epochs(images, torch.from_numpy, ours.modules["torch"].preprocess_batch)

    work.add("cv2 and numpy by hand", "by hand", equal=True)(lambda: epochs(images, by_hand))
    work.add("cv2 by hand, tuned", "by hand", equal=True)(lambda: epochs(images, by_hand_tuned))
    return work


if __name__ == "__main__":
    main([workload])
