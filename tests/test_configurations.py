"""Configurations that people run, as `.proc` files, against those libraries' own arithmetic.

`configurations/<library>/` holds what a user would write; `expected/<library>.py` computes what is
expected with OpenCV, Pillow, numpy and torch as the named library calls them.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from expected.common import Expected
from support import BACKENDS, build, run, same

from procdsl.ir.pipeline import tolerance
from procdsl.types.array import Array

FOLDER = Path(__file__).parent / "configurations"
PHOTOGRAPH = Path(__file__).parent.parent / "examples" / "classifier" / "chelsea.png"

EXPECTED: dict[str, dict[str, Expected]] = {
    folder.name: importlib.import_module(f"expected.{folder.name}").EXPECTED
    for folder in sorted(FOLDER.iterdir())
}
CASES = [
    pytest.param(library, name, id=f"{library}-{name}", marks=[pytest.mark.slow] if i % 3 else [])
    for library, found in EXPECTED.items()
    for i, name in enumerate(found)
]

BOUNDED = {
    "fasterrcnn_resnet50_fpn",
    "fasterrcnn_mobilenet_v3_large_320_fpn",
    "retinanet_resnet50_fpn",
    "keypointrcnn_resnet50_fpn",
    "ssd300_vgg16",
    "ssdlite320_mobilenet_v3_large",
}
"""Those that resize floats by torch's own kernel."""


@pytest.mark.parametrize(("library", "name"), CASES)
def test_configuration(library: str, name: str) -> None:
    text = (FOLDER / library / f"{name}.proc").read_text()
    bgr = cv2.imread(str(PHOTOGRAPH))
    assert bgr is not None
    built = build(text)
    (value,) = built.pipeline.inputs
    assert isinstance(value.type, Array)
    for image in (bgr, np.ascontiguousarray(np.rot90(bgr[7:, 13:]))):
        given = image if value.type.colour == "bgr" else np.ascontiguousarray(image[..., ::-1])
        if value.type.dtype == "u16":
            given = given.astype(np.uint16) * 257 - given[::-1]
        wanted = EXPECTED[library][name](given)
        assert wanted.dtype == np.float32
        bound = tolerance(built.pipeline.fed[0])
        assert (bound > 0) == (name in BOUNDED)
        for backend in BACKENDS:
            (found,) = run(built.modules[backend], {value.name: given})
            same(found, wanted, bound, backend)


def test_every_file_is_tested() -> None:
    files = {(path.parent.name, path.stem) for path in FOLDER.glob("*/*.proc")}
    assert files == {(library, name) for library, found in EXPECTED.items() for name in found}
