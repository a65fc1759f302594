"""Trains the demo's model: `python examples/classifier/train.py` (needs scikit-image).

The four photographs are scikit-image's samples: astronaut (NASA, public domain), chelsea (Stefan
van der Walt, CC0), coffee (Rachel Michetti, CC0) and rocket (SpaceX, CC0). The training crops go
through the very module that serves them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from skimage import data
from torch.nn import functional

from procdsl import Source, check, generate
from procdsl.codegen.python.loading import load

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from model import WEIGHTS, network

PHOTOGRAPHS = (data.astronaut(), data.chelsea(), data.coffee(), data.rocket())


def crops(rng: np.random.Generator, count: int) -> tuple[list[np.ndarray], torch.Tensor]:
    """Random parts of the photographs as BGR, darker or brighter, half of them mirrored."""
    images, labels = [], rng.integers(0, len(PHOTOGRAPHS), count)
    for label in labels:
        photograph = PHOTOGRAPHS[label]
        part = rng.uniform(0.6, 1.0)
        h, w = (int(part * side) for side in photograph.shape[:2])
        top, left = (int(rng.integers(0, n + 1)) for n in np.subtract(photograph.shape[:2], (h, w)))
        crop = photograph[top : top + h, left : left + w, ::-1]
        crop = crop[:, ::-1] if rng.random() < 0.5 else crop
        images.append(np.clip(crop * rng.uniform(0.7, 1.3), 0, 255).astype(np.uint8))
    return images, torch.from_numpy(labels)


def main() -> None:
    source = HERE / "classifier.proc"
    pipeline = check(Source(source.name, source.read_text())).pipeline
    assert pipeline is not None, "classifier.proc has something wrong with it"
    module = load(generate(pipeline, ["numpy"])["classifier_numpy.py"], "classifier_numpy")
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    for step in range(400):
        images, labels = crops(rng, 32)
        x = torch.from_numpy(module.preprocess_batch(images, workers=2))
        loss = functional.cross_entropy(model(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step:3}  loss {loss.item():.3f}")
    torch.save(model.state_dict(), WEIGHTS)


if __name__ == "__main__":
    main()
