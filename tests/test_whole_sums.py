"""numpy's resizes by whole weights: strips, rows and columns that are left out, the buffer."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from onnx_graphs import Graph, graphs
from support import build, compare, run, source_of

from kernels.resize.cv2_linear_numpy import cv2_linear, cv2_linear_columns, cv2_linear_rows
from kernels.resize.whole_sums_numpy import whole_sums
from procdsl import registry
from procdsl.opdef.op import Case

SAMPLERS = ("cv2.linear", "cv2.linear_exact", "cv2.cubic", "cv2.lanczos4", "cv2.area")


def pixels(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((700, 310, 3), (431, 200)),  # several strips
        ((90, 640, 3), (31, 17)),  # columns and rows that no target touches
        ((640, 9, 2), (16, 40)),  # of rows alone
        ((9, 7, 40), (33, 50)),  # more channels than a block has columns
        ((1, 5, 1), (3, 1)),
    ],
)
def test_strips_and_gaps(name: str, shape: tuple[int, ...], size: tuple[int, int]) -> None:
    x = pixels(*shape)
    function = name.replace(".", "_")
    kernel = getattr(import_module(f"kernels.resize.{function}_numpy"), function)
    wanted = registry.sampler(name).reference(x, *size)
    assert wanted.dtype == np.uint8
    assert np.array_equal(kernel(x, *size), wanted)


def test_the_order_in_which_floats_are_added_counts() -> None:
    """Of cubic's four products from the last tap on: the other way round one pixel would be 231."""
    x = np.random.default_rng(50).integers(0, 256, (60, 80, 3), np.uint8)
    pre = "resize(h=43, w=53, sampler=cv2.cubic)"
    built = build(source_of(Case(pre, image="u8[h, w, c=3] rgb")))
    compare(built, {"image": x})
    found = [run(module, {"image": x})[0] for module in built.modules.values()]
    found += [y[0] for y in Graph(graphs(built.pipeline)["pre"])({"image": x[None]}).values()]
    assert [y[12, 15, 0] for y in found] == [232] * 4


def test_the_size_of_buffers_is_put_back() -> None:
    """Also when something fails meanwhile."""
    before = np.getbufsize()
    seen = []

    def failing(*given: Any) -> np.ndarray:
        seen.append(np.getbufsize())
        raise MemoryError

    x, rows, columns = pixels(9, 8), cv2_linear_rows(9, 5, 0, 5), cv2_linear_columns(8, 5, 0, 5)
    cv2_linear(x, 5, 5)
    assert np.getbufsize() == before
    with pytest.raises(MemoryError):
        whole_sums(x, rows, columns, failing)
    assert seen != [before]
    assert np.getbufsize() == before
