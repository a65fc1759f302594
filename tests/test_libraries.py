"""Configurations against the libraries themselves, those that install without torchvision.

They are not installed for development: `make libraries` runs this where the benchmarks' peers are.
Elsewhere `test_configurations.py` holds the same files against the libraries' own arithmetic.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from support import BACKENDS, build, run, same
from test_configurations import FOLDER, PHOTOGRAPH

from benchmarks import plot, report
from procdsl.types.array import Array


@pytest.mark.libraries
@pytest.mark.parametrize("library", ["albumentations", "hugging_face"])
def test_library(library: str) -> None:
    bgr = cv2.imread(str(PHOTOGRAPH))
    assert bgr is not None
    rgb = np.ascontiguousarray(bgr[..., ::-1])
    noise = np.random.default_rng(0).integers(0, 256, (401, 333, 3), dtype=np.uint8)
    for name, make in importlib.import_module(f"libraries.{library}").MADE.items():
        expected = make()
        built = build((FOLDER / library / f"{name}.proc").read_text())
        (value,) = built.pipeline.inputs
        assert isinstance(value.type, Array)
        for image in (rgb, np.ascontiguousarray(np.rot90(rgb[7:, 13:])), noise):
            if value.type.dtype == "u16":
                image = image.astype(np.uint16) * 257 - image[::-1]
            wanted = expected(image)
            for backend in BACKENDS:
                (found,) = run(built.modules[backend], {value.name: image})
                same(found, wanted, 0, f"{name}, {backend}")


@pytest.mark.libraries
def test_plot_of_the_benchmarks_is_drawn(tmp_path: Path) -> None:
    """Matplotlib is no more installed for development than the contestants are."""
    plot.draw(report.read(report.RESULTS), tmp_path / "plot.png")
    drawn = cv2.imread(str(tmp_path / "plot.png"))
    assert drawn is not None
    for colour in plot.COLOURS.values():
        bgr = [int(colour[i : i + 2], 16) for i in (5, 3, 1)]
        assert (drawn == bgr).all(-1).sum() > 50, colour
