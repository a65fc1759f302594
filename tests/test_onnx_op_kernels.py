"""Kernels of graphs that belong to one family of ops, each against numpy's of the same name."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
from onnx_kernels import call_of, run
from support import HUGE, NOT_FINITE, TINY, same, specked
from test_onnx_kernels import FOLDER, Table, is_array, numpy_kernel, placing, untried

from kernels.geometry.placement import Placement
from procdsl.codegen.onnx import rooms

RNG = np.random.default_rng(0)
F32 = (RNG.standard_normal((31, 45, 3)) * 3).astype(np.float32)
ODD = specked(F32, (*NOT_FINITE, *TINY, *HUGE))
TIED = np.array(RNG.choice([np.nan, -np.inf, -0.0, 0.0, 1, np.inf], (40, 5)), np.float32)
BOXES = specked((RNG.standard_normal((9, 4)) * 30).astype(np.float32), NOT_FINITE)
PLACED = Placement(40, 30, 31, 45, 40, 20, 4, -7)
TURNED = Placement(45, 31, 31, 45, 31, -45, 0, 45, True)

ARRAYS: Table = {
    "largest": [(x, axis) for x in (ODD, TIED) for axis in (0, 1)],
    "top_k": [(x, k, axis) for x in (ODD, TIED) for axis in (0, 1) for k in (1, 4, x.shape[axis])],
    "lookup_number": [(np.array([[2, 0, 1]]), np.array([7, -1, 90]))],
    "boxes_xyxy": [(ODD[:4, :, 0].copy(), box) for box in ("cxcywh", "xywh", "xyxy")],
    "boxes_clipped": [(BOXES, (30, 20))],
}
"""The arguments of kernels that are called as numpy's are."""


@pytest.mark.parametrize("kernel", ARRAYS)
def test_as_numpy_computes(kernel: str) -> None:
    for given in ARRAYS[kernel]:
        with np.errstate(all="ignore"):
            wanted = numpy_kernel(kernel)(*given)
        arrays = {f"x{i}": x for i, x in enumerate(given) if is_array(x)}
        found: Any = run(placing(kernel, given), arrays)
        wanted = wanted if isinstance(wanted, tuple) else (wanted,)
        for x, y in zip(found, wanted, strict=True):
            same(x, np.asarray(y), 0, f"{kernel} {given[1:]}")


def test_exponentials() -> None:
    """Within their bound."""
    ends = np.array([-np.inf, -1e4, -104, -87.3, 0, 16.7, 88.8, 1e4, np.inf, np.nan], np.float32)
    for x in (F32, ODD, ends):
        for kernel, rest in (("sigmoid", ()), ("softmax", (0,))):
            with np.errstate(all="ignore"):
                wanted = numpy_kernel(kernel)(x, *rest)
            (found,) = run(call_of(kernel, *rest), {"x": x})
            same(found, wanted, 6e-8, kernel)


@pytest.mark.parametrize("at", [PLACED, TURNED, PLACED._replace(content_h=-40)])
def test_boxes_back(at: Placement) -> None:
    flipped = at.content_h < 0, at.content_w < 0
    wanted = numpy_kernel("boxes_back")(BOXES, at)
    of_graphs = importlib.import_module(f"{rooms.__name__}.kernels.geometry.placement_onnx")
    (found,) = run(call_of("boxes_back", of_graphs.Placement(*at, *flipped)), {"x": BOXES})
    same(found, wanted, 0, f"{at}")


@pytest.mark.parametrize("dtype", ["float32", "int64", "uint16", "bool"])
def test_zeros_behind(dtype: str) -> None:
    x, count = np.ones((3, 2, 5), dtype), np.array([0, 2, 5])
    (found,) = run(lambda x, count: call_of("zeros_behind")(x, count, 2), {"x": x, "count": count})
    wanted = np.broadcast_to(np.arange(5) < count[:, None, None], x.shape)
    same(found, wanted.astype(dtype), 0, dtype)


def test_every_kernel_is_called_here_or_by_one_that_is() -> None:
    called = {*ARRAYS, "sigmoid", "softmax", "boxes_back", "zeros_behind", "nms"}
    families = ("boxes", "colour", "runtime", "scores", "tiles")
    assert untried(called, *families) == set()
    others = {"geometry", "pixels", "resize", "values"}
    assert {path.parent.name for path in FOLDER.glob("*/*_onnx.py")} <= others | {*families}
