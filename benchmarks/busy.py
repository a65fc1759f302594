"""Torch on two threads while another process takes one of two processors.

A thread that waits for another, which has no processor, waits for as long as the system lets a
process run. Each parallel operation may wait so: the worst call tells, as a multiple of the median.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from benchmarks import imagenet_cv2, imagenet_pil, letterbox
from benchmarks.harness import Run, Workload, main
from benchmarks.jobs import job, photograph, rgb_of

THREADS = 2
TEXTS = {
    "ImageNet by OpenCV": (imagenet_cv2.PIPELINE.format(side=imagenet_cv2.SIDE), (375, 500)),
    "ImageNet by torch": (imagenet_pil.pipeline("torch"), (375, 500)),
    "letterbox 1000 x 750": (letterbox.PIPELINE, (750, 1000)),
}


@contextmanager
def one_taken() -> Iterator[subprocess.Popen[bytes]]:
    """Two processors for this process, of which another takes one; two threads for torch."""
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None  # Linux
    if before:
        os.sched_setaffinity(0, sorted(before)[:THREADS])
    threads = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield other
    finally:
        other.kill()
        other.wait()
        torch.set_num_threads(threads)
        if before:
            os.sched_setaffinity(0, before)


def workload() -> Workload:
    title = "Torch on two threads while one of two processors is taken"
    work = Workload("busy", title, beside=one_taken)
    for name, (text, size) in TEXTS.items():

        @work.add(f"procdsl torch: {name}", "ours")
        def _(text: str = text, size: tuple[int, int] = size) -> Run:
            preprocess = job(text).modules["torch"].preprocess
            given = torch.from_numpy(photograph(*size))
            return lambda: preprocess(given)

    @work.add("torch by hand: ImageNet by torch", "by hand")
    def _() -> Run:
        rgb = rgb_of(photograph(375, 500))
        return lambda: imagenet_pil.in_torch(rgb)

    @work.add("cv2 and torch by hand: letterbox 1000 x 750", "by hand")
    def _() -> Run:
        image = photograph(750, 1000)
        return lambda: letterbox.in_torch(image)

    return work


if __name__ == "__main__":
    main([workload])
