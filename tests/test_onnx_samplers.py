"""Every sampler as a graph for pictures of any size, in ONNX Runtime against the reference."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest
from onnx_graphs import Graph, graphs, held
from support import INFINITIES, NANS, NOT_FINITE, TINY, compiled, same, source_of, specked

from procdsl import registry
from procdsl.opdef.op import Case

H, W = 12, 20
SIZES = [
    *((12, 20), (24, 40), (36, 60), (48, 60), (12, 40), (24, 20), (12, 33), (31, 20)),
    *((33, 47), (11, 19), (13, 21), (7, 90), (100, 9), (5, 7), (6, 10), (4, 4)),
    *((1, 1), (1, 30), (30, 1), (2, 2), (25, 41), (130, 3), (301, 2), (23, 39)),
]
"""The target, twice and three times it, equal on one side, off by one, and odd."""
TARGETS = [(1, 1), (1, 9), (9, 1), (30, 45)]


def cases() -> list[Any]:
    """Every sampler, dtype and number of channels; a tenth is not slow."""
    found = []
    for name in registry.sampler_names():
        for dtype in registry.sampler(name).numerics:
            for channels in (1, 3, 4):
                told = f"{name}-{dtype}-{channels}"
                marks = [] if zlib.crc32(told.encode()) % 10 == 5 else [pytest.mark.slow]
                found.append(pytest.param(name, dtype, channels, id=told, marks=marks))
    return found


def resizes(sampler: str, image: str, h: int, w: int) -> Case:
    return Case(f"resize(h={h}, w={w}, sampler={sampler})", image=image)


def drawn(size: tuple[int, int], channels: int, dtype: str) -> list[np.ndarray]:
    """Pictures of one size; of floats some with numbers that are not finite, or tiny."""
    rng = np.random.default_rng(sum(size) + channels)
    shape = (*size, channels)
    if dtype != "f32":
        kind = {"u8": np.uint8, "u16": np.uint16, "i32": np.int32, "i64": np.int64, "bool": bool}
        found = rng.integers(0, 256, (2, *shape)).astype(kind.get(dtype, np.float16))
        return [*found]
    plain = rng.random(shape, dtype=np.float32)
    odd = [specked(plain, values, sum(size)) for values in (NANS, INFINITIES, NOT_FINITE, TINY)]
    return [plain, *odd]


def check(sampler: str, dtype: str, found: np.ndarray, wanted: np.ndarray, what: str) -> None:
    """Equal to the reference, or within the bound; finite where it is finite."""
    bound = registry.sampler(sampler).numerics[dtype]
    if bound is None or np.isfinite(wanted).all():
        same(found, wanted, 0 if bound is None else bound.absolute, what)
        return
    # The sign of a weight that is nearly 0 is no part of the bound.
    assert np.array_equal(np.isfinite(found), np.isfinite(wanted)), what
    found, wanted = (np.where(np.isfinite(x), x, 0) for x in (found, wanted))
    same(found, wanted, bound.absolute, what)


def check_sizes(sampler: str, image: str, h: int, w: int, sizes: list[tuple[int, int]]) -> None:
    case = resizes(sampler, image, h, w)
    if not held(case):
        pytest.skip("a graph does not hold it")
    type_ = compiled(source_of(case)).inputs[0].type
    graph = Graph(graphs(compiled(source_of(case)))["pre"])
    reference = registry.sampler(sampler).reference
    for size in sizes:
        pictures = drawn(size, type_.channels or 1, type_.dtype)  # type: ignore[union-attr]
        found = graph({"image": np.stack(pictures)})["fed"]
        for i, x in enumerate(pictures):
            with np.errstate(all="ignore"):
                wanted = reference(x, h, w)
            what = f"{sampler} {image} {size} to {h} x {w}, {i}"
            check(sampler, type_.dtype, found[i], wanted, what)  # type: ignore[union-attr]


@pytest.mark.parametrize(("sampler", "dtype", "channels"), cases())
def test_open_sizes(sampler: str, dtype: str, channels: int) -> None:
    image = f"{dtype}[h, w, c={channels}]"
    check_sizes(sampler, image, H, W, SIZES)
    for h, w in TARGETS:
        check_sizes(sampler, image, h, w, SIZES[::5])


@pytest.mark.parametrize(("sampler", "dtype", "channels"), cases())
def test_known_sizes(sampler: str, dtype: str, channels: int) -> None:
    for h, w in SIZES[::5]:
        check_sizes(sampler, f"{dtype}[h={h}, w={w}, c={channels}]", H, W, [(h, w)])
