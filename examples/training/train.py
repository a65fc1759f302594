"""A training loop with a DataLoader, twice, with the same bits.

Once the workers preprocess each picture with the numpy module, once they only load, and the main
process preprocesses whole batches with the torch module, which is how it is done where the batch
is on its way to another device. `make training` compiles `shapes.proc` into `build/` and runs this.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import cv2
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader

HERE = Path(__file__).parent
BUILD = Path("build")
sys.path[:0] = [str(HERE), str(BUILD)]

from pictures import LABELS, Keys, Pictures, start_worker

EPOCHS, SAMPLES, BATCH = 5, 640, 32


def network() -> nn.Module:
    """Three convolutions, and a layer that sees all that they found."""
    layers: list[nn.Module] = []
    for inputs, outputs in ((3, 16), (16, 32), (32, 64)):
        layers += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, len(LABELS)))


def train(
    pictures: Pictures, preprocess: Callable[[torch.Tensor], torch.Tensor] | None, workers: int
) -> tuple[nn.Module, str, list[float]]:
    """The model, a digest of all that it was fed, and its losses."""
    torch.manual_seed(0)
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    keys = Keys(SAMPLES)
    loader = DataLoader(
        pictures,
        batch_size=BATCH,
        sampler=keys,
        num_workers=workers,
        worker_init_fn=start_worker,
        persistent_workers=workers > 0,
    )
    fed, losses = hashlib.sha256(), []
    for keys.epoch in range(EPOCHS):
        for images, labels in loader:
            x = images if preprocess is None else preprocess(images)
            loss = functional.cross_entropy(model(x), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            fed.update(x.numpy().tobytes())
            losses.append(loss.item())
    return model, fed.hexdigest(), losses


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=2)
    workers = parser.parse_args().workers
    cv2.setNumThreads(0)  # before there are workers: they are copies of this process
    torch.set_num_threads(max(1, (os.cpu_count() or 1) - workers))
    numpy_module = importlib.import_module("shapes_numpy")
    torch_module = importlib.import_module("shapes_torch")
    ways = {
        "numpy, in the workers": (Pictures(numpy_module.preprocess), None),
        "torch, on the batch": (Pictures(), torch_module.Preprocess()),
    }
    digests, models = [], []
    for name, (pictures, preprocess) in ways.items():
        start = perf_counter()
        model, digest, losses = train(pictures, preprocess, workers)
        first, last = losses[0], sum(losses[-5:]) / 5
        print(f"{name:21}  loss {first:.3f} to {last:.3f}, {perf_counter() - start:.1f} s")
        print(f"{'':21}  was fed {digest}")
        digests.append(digest)
        models.append(model)
    weights = zip(models[0].parameters(), models[1].parameters(), strict=True)
    agree = digests[0] == digests[1] and all(torch.equal(a, b) for a, b in weights)
    print("every batch and every weight agree to the bit" if agree else "THE TWO LOOPS DIFFER")
    right = served(models[1])
    print(f"served by the OpenCV module, {right:.0%} of 200 new pictures are told right")
    return 0 if agree and right > 0.9 else 1


def served(model: nn.Module) -> float:
    """The share of pictures that a service gets right, which has numpy and OpenCV for both ends."""
    module = importlib.import_module("shapes_cv2")
    right = 0
    for number in range(200):
        picture, label = Pictures()[EPOCHS, number]
        with torch.no_grad():
            logits = model(torch.from_numpy(module.preprocess(picture))[None])[0].numpy()
        right += module.postprocess(logits).label == LABELS[label]
    return right / 200


if __name__ == "__main__":
    sys.exit(main())
