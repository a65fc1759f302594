"""Random pipelines of named values: right everywhere, and no call changes what another gave."""

from __future__ import annotations

import re

import numpy as np
import pytest
from random_named import named_pipeline
from random_pre import REFUSED
from support import Built, arrays, build, compare, of_a_size_that_passes, run

from procdsl.opdef.op import Case


def check_named(seed: int) -> None:
    with of_a_size_that_passes():
        built = build(named_pipeline(seed))
    rng = np.random.default_rng(seed)
    kept = []
    for turn in range(3):
        size = int(rng.integers(1, 24)), int(rng.integers(1, 24))
        inputs, _ = arrays(Case("", size=size), built.pipeline, seed + turn)
        given = {name: x.copy() for name, x in inputs.items()}
        try:
            compare(built, inputs)
        except ValueError as error:
            assert re.search(REFUSED, str(error))  # noqa: PT017 - the picture may not fit
            continue
        for name, x in given.items():
            assert np.array_equal(x, inputs[name], equal_nan=x.dtype.kind == "f"), "changed"
        kept += _results(built, inputs)
    for result, copy in kept:
        assert result.tobytes() == copy.tobytes(), "changed by a later call"


def _results(built: Built, inputs: dict[str, np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    """What the modules give, each with a copy of now."""
    found = [x for module in built.modules.values() for x in run(module, inputs)]
    return [(x, x.copy()) for x in found]


@pytest.mark.parametrize("seed", range(30))
def test_named(seed: int) -> None:
    check_named(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30, 630))
def test_hundreds_of_them(seed: int) -> None:
    check_named(seed)
