"""Pipelines with the rewrites and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import torch
from random_pre import REFUSED
from support import (
    BACKENDS,
    NOT_FINITE,
    TINY,
    Built,
    build,
    random_array,
    same,
    specked,
    to_backend,
    to_numpy,
)

from procdsl.types.array import Array

NORMAL = "to_float(scale=1/255)\nnormalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))\n"


def both(text: str) -> tuple[Built, Built]:
    return build(text), build(text, fuse=False)


def agree(text: str, size: tuple[int, int], seed: int = 0) -> None:
    """Each backend gives the same bits with the rewrites and without, and into an `out`.

    A picture that does not fit is refused in the same words.
    """
    fused, plain = both(text)
    (value,) = fused.pipeline.inputs
    assert isinstance(value.type, Array)
    image = random_array(np.random.default_rng(seed), value.type, size)
    odd = [specked(image, values, seed) for values in (NOT_FINITE, TINY) if image.dtype == "f4"]
    for backend in BACKENDS:
        for x in (image, *odd):
            what = f"{backend}, {x.shape}:\n{text}"
            wanted, found = result(plain.modules[backend], x), result(fused.modules[backend], x)
            if isinstance(wanted, str):
                assert re.search(REFUSED, wanted), f"{wanted} {what}"
                assert found == wanted, what
                continue
            same(found, wanted, 0, what)
            for out in outs(wanted):
                same(result(fused.modules[backend], x, out), wanted, 0, f"{what}\ninto an out")


def result(module: ModuleType, x: np.ndarray, out: np.ndarray | None = None) -> Any:
    """What `preprocess` gives of an image, written into `out`; its words where it refuses it."""
    (image,) = to_backend(module, [x])
    place = torch.from_numpy(out) if out is not None and hasattr(module, "torch") else out
    try:
        return to_numpy(module.preprocess(image, out=place))
    except ValueError as error:
        return str(error)


def outs(like: np.ndarray) -> Iterator[np.ndarray]:
    """Memory for a result: in one piece, and with gaps."""
    wide = np.full((2, *like.shape[:-1], 2 * like.shape[-1]), 77).astype(like.dtype)
    yield wide[0, ..., : like.shape[-1]].copy()
    yield wide[1, ..., ::2]


def text_of(files: dict[str, str], backend: str) -> str:
    code = files[f"case_{backend}.py"]
    return code[code.index("def preprocess(") : code.index("def preprocess_batch(")]
