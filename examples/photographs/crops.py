"""The data set: parts of ten photographs as JPEG files, half of them stored turned.

A photograph is split by place: its left part is for training, the rest is for testing, so that no
pixel is in both. The turned files say so in EXIF, as those of a phone do.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

PHOTOGRAPHS = Path(__file__).parent / "photographs"
LABELS = tuple(sorted(path.stem for path in PHOTOGRAPHS.glob("*.jpg")))
FOLDER = Path("build") / "crops"
COUNTS = {"train": 160, "test": 100}
"""How many crops of each photograph."""
TRAINED = 0.55
"""The share of a photograph's width that is for training."""
SHORT, LONGEST = (80, 150), 2.0
"""Between which bounds the shorter side of a crop is drawn, and how often the longer one has it."""

TURNED = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
"""How a picture is stored that is turned back by an orientation of EXIF."""
ORIENTATION = 0x0112

Sample = tuple[Path, int]
"""A file, and the number of its label."""


def write(part: str) -> list[Sample]:
    """Write the files of `train` or `test`, the same ones each time."""
    samples = []
    for number, label in enumerate(LABELS):
        rng = np.random.default_rng((number, part == "test"))
        folder = FOLDER / part / label
        folder.mkdir(parents=True, exist_ok=True)
        with Image.open(PHOTOGRAPHS / f"{label}.jpg") as photograph:
            ground = _part(photograph.convert("RGB"), part)
        for i in range(COUNTS[part]):
            path = folder / f"{i:03}.jpg"
            _save(_cut(ground, rng), path, rng)
            samples.append((path, number))
    return samples


def _part(photograph: Image.Image, part: str) -> Image.Image:
    """What may be seen of a photograph in training, or in testing."""
    split = round(TRAINED * photograph.width)
    left, right = (0, split) if part == "train" else (split, photograph.width)
    return photograph.crop((left, 0, right, photograph.height))


def _cut(ground: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A part of any place, size and shape, upright or wide."""
    short, ratio = rng.uniform(*SHORT), rng.uniform(1, LONGEST)
    sides = np.array([short, short * ratio] if rng.random() < 0.5 else [short * ratio, short])
    sides *= min(1, *(np.array(ground.size) / sides))
    w, h = (int(side) for side in sides)
    left, top = int(rng.integers(ground.width - w + 1)), int(rng.integers(ground.height - h + 1))
    return ground.crop((left, top, left + w, top + h))


def _save(picture: Image.Image, path: Path, rng: np.random.Generator) -> None:
    orientation = 1 if rng.random() < 0.5 else int(rng.choice([3, 6, 8]))
    turn = TURNED[orientation]
    stored = picture if turn is None else picture.transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored.save(path, quality=85, exif=exif)
