"""64 pictures of one size in one tensor: the torch module on the batch, one by one, and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.harness import Run, Workload, main
from benchmarks.jobs import MEAN, STD, job, photograph

COUNT, SIDE = 64, 224
STEPS = f"""
    resize(h={SIDE}, w={SIDE}, sampler=torch.bilinear)
    {{}}normalize(mean={MEAN}, std={STD})
    layout(c, h, w)
"""
U8 = "u8[h, w, c=3] rgb", STEPS.format("to_float(scale=1/255)\n    ")
F32 = "f32[c=3, h, w] rgb", "    layout(h, w, c)" + STEPS.format("")


def by_hand(x: torch.Tensor) -> torch.Tensor:
    """What is written for a batch: uint8 [n, h, w, c] or float32 [n, c, h, w]."""
    if x.dtype == torch.uint8:
        planes = functional.interpolate(x.permute(0, 3, 1, 2), [SIDE, SIDE], mode="bilinear")
        planes = planes.to(torch.float32) / 255
    else:
        planes = functional.interpolate(x, [SIDE, SIDE], mode="bilinear")
    mean, std = (torch.tensor(numbers)[:, None, None] for numbers in (MEAN, STD))
    return ((planes - mean) / std).contiguous()


def workload(name: str, image: str, steps: str) -> Workload:
    text = (
        f"proc 1\npipeline {name}\ninput image: {image}\npre {{\n{steps}}}\n"
        f"model x: f32[c=3, h={SIDE}, w={SIDE}] rgb -> logits: f32[class=4]\n"
    )
    ours = job(text)
    one = photograph(256, 256)[..., ::-1]
    pictures = np.stack([np.roll(one, 3 * i, axis=1) for i in range(COUNT)])
    if image.startswith("f32"):
        pictures = pictures.transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255)
    given = torch.from_numpy(np.ascontiguousarray(pictures))
    exact = image.startswith("u8")
    title = f"{COUNT} pictures of 256 x 256 by torch.bilinear, {image.partition('[')[0]}"
    work = Workload(name, title, lambda: np.stack([ours.wanted(x) for x in given.numpy()]))
    module = ours.modules["torch"]

    @work.add("limit: F.interpolate, one write of the output", "limit")
    def _() -> Run:
        planes = given.permute(0, 3, 1, 2) if exact else given
        written = torch.zeros(COUNT, 3, SIDE, SIDE)

        def run() -> Any:
            for x in planes.split(1):
                functional.interpolate(x, [SIDE, SIDE], mode="bilinear")
            return written.clone()

        return run

    @work.add("procdsl torch, the batch", "ours", equal=exact)
    def _() -> Run:
        preprocess = module.Preprocess()
        return lambda: preprocess(given)

    @work.add("procdsl torch, preprocess_batch", "ours", equal=exact)
    def _() -> Run:
        return lambda: module.preprocess_batch(given)

    @work.add("procdsl torch, one by one", "ours", equal=exact)
    def _() -> Run:
        return lambda: torch.stack([module.preprocess(x) for x in given])

    @work.add("torch by hand on the batch", "by hand", equal=exact)
    def _() -> Run:
        return lambda: by_hand(given)

    return work


if __name__ == "__main__":
    main([lambda: workload("torch_batch_u8", *U8), lambda: workload("torch_batch_f32", *F32)])
