"""The data set: drawn shapes, as files on a disk would be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset, Sampler

LABELS = ("circle", "square", "triangle")
HEIGHT, WIDTH = 96, 128

Key = tuple[int, int]
"""The epoch, and the number of the sample in it."""


class Pictures(Dataset[tuple[Any, int]]):
    """BGR pictures with their labels, each as `prepare` makes it, in the process that loads it."""

    def __init__(self, prepare: Callable[[np.ndarray], np.ndarray] | None = None) -> None:
        self.prepare = prepare

    def __getitem__(self, key: Key) -> tuple[Any, int]:
        # The key draws, not the worker: the same picture whoever makes it, and with any seed of
        # the process. Generators that a worker inherits would draw alike in all of them.
        rng = np.random.default_rng(key)
        label = int(rng.integers(len(LABELS)))
        picture = drawn(rng, LABELS[label])
        return (picture if self.prepare is None else self.prepare(picture)), label


class Keys(Sampler[Key]):
    """The keys of an epoch, shuffled; workers that live on get each epoch's through them."""

    def __init__(self, count: int) -> None:
        self.count, self.epoch = count, 0

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Key]:
        order = np.random.default_rng(self.epoch).permutation(self.count)
        return iter([(self.epoch, int(number)) for number in order])


def drawn(rng: np.random.Generator, label: str) -> np.ndarray:
    """A shape of any size, place and colour, on a ground with noise."""
    picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    picture[:] = rng.integers(0, 80, 3)
    colour = [int(c) for c in rng.integers(160, 256, 3)]
    size = int(rng.integers(28, 40))
    x, y = int(rng.integers(size, WIDTH - size)), int(rng.integers(size, HEIGHT - size))
    if label == "circle":
        cv2.circle(picture, (x, y), size, colour, -1)
    elif label == "square":
        cv2.rectangle(picture, (x - size, y - size), (x + size, y + size), colour, -1)
    else:
        corners = [(x - size, y + size), (x + size, y + size), (x, y - size)]
        cv2.fillPoly(picture, [np.array(corners, np.int32)], colour)
    return np.clip(picture + rng.normal(0, 8, picture.shape), 0, 255).astype(np.uint8)


def start_worker(number: int) -> None:
    """One thread for each library: the processes are what runs side by side.

    torch has given `random`, numpy and itself a seed of this worker already.
    """
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
