"""Configurations against the libraries themselves, those that install without torchvision.

They are not installed for development: `make libraries` runs this where the benchmarks' peers are.
Elsewhere `test_configurations.py` holds the same files against the libraries' own arithmetic.
"""

from __future__ import annotations

import importlib

import cv2
import numpy as np
import pytest
from support import BACKENDS, build, run, same
from test_configurations import FOLDER, PHOTOGRAPH

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
