"""Random detectors: torch's `Postprocess` of a batch gives the bits of one by one."""

from __future__ import annotations

import pytest
from cases import compare_batch_after
from random_post import detector, outputs_of_model, sizes_that_fit
from support import build, of_a_size_that_passes


def check_detector(seed: int) -> None:
    """Each sample is of a picture of its own size; every fifth detector is scripted, too."""
    with of_a_size_that_passes():
        built = build(detector(seed), ["torch"])
    sizes = sizes_that_fit(built.pipeline, seed)
    samples = outputs_of_model(built.pipeline, sizes, seed)
    compare_batch_after(built, samples, sizes, scripted=seed % 5 == 0)


@pytest.mark.parametrize("seed", range(15))
def test_detectors(seed: int) -> None:
    check_detector(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(15, 515))
def test_five_hundred_detectors(seed: int) -> None:
    check_detector(seed)
