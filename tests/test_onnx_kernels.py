"""Kernels of graphs, each alone in ONNX Runtime, against numpy's kernel of the same name.

Those in `geometry/` are held by `test_onnx_geometry.py`, those of one family of ops alone by
`test_onnx_op_kernels.py`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from documents import ROOT
from onnx_kernels import call_of, run
from support import HUGE, NOT_FINITE, TINY, same, specked

from kernels.geometry.placement import Placement
from procdsl.codegen.onnx import rooms
from procdsl.codegen.onnx.site import Kernels

FOLDER = ROOT / "templates" / "kernels"
RNG = np.random.default_rng(0)
U8 = RNG.integers(0, 256, (31, 45, 3), dtype=np.uint8)
RGBA = RNG.integers(0, 256, (31, 45, 4), dtype=np.uint8)
U16 = RNG.integers(0, 65_536, (31, 45, 3), dtype=np.uint16)
F32 = RNG.standard_normal((31, 45, 3)).astype(np.float32)
ODD = specked(F32, (*NOT_FINITE, *TINY, *HUGE))
REAL = np.array([-np.inf, -3e9, -1, -0.0, 0, 254, 255, 256, 7e4, 2.0**63, 3e19, np.nan])
CROP = Placement(20, 30, 31, 45, 31, 45, -5, -7)
PAD = Placement(40, 50, 31, 45, 31, 45, 4, 2)
BOTH = Placement(40, 30, 31, 45, 31, 45, 4, -7)
TURN = np.array([[0.9, -0.5, 3.25], [0.6, 1.1, -7.5]], np.float32)
UNKNOWN = np.array([[np.nan, np.inf, 0], [1, 0, 0]], np.float32)
SMALL, LARGE, HALF, THIRD, WIDER = (20, 28), (40, 60), (15, 22), (10, 15), (20, 60)

LENGTHS: tuple[tuple[str, tuple[float, ...]], ...] = (("norm", ()), ("l2_normalized", (1e-12,)))

Table = dict[str, list[tuple[Any, ...]]]

ARRAYS: Table = {
    "clipped": [
        *((ODD, -0.5, 0.5), (ODD, None, 0.25), (ODD, 0, None)),
        *((ODD, -0.0, 0.5), (ODD, -0.5, -0.0), (ODD, 0.0, -0.0)),
    ],
    "power": [(ODD, 0.4545), (ODD, 2.2)],
    **{name: [(ODD, axis, *eps) for axis in (-1, -3)] for name, eps in LENGTHS},
    "windowed": [(U16, 100.0, 300.0, 100.0, 200.0, 0.0), (ODD, -0.5, 0.5, 0.0, 1.0, 0.5)],
    "stretched": [(U8, (-3, -2, -1), 0.0), (U16, (-3, -2), 0.1), (F32, (-3, -2, -1), 0.0)],
    "crop": [(U8, CROP), (F32, CROP)],
    "crop_filled": [(U8, BOTH, np.uint8(7)), (F32, BOTH, np.array([0.5, 1, 2], np.float32))],
    "place": [
        *((U8, PAD, np.uint8(7)), (U8, PAD, np.array([1, 2, 3], np.uint8))),
        *((U16, PAD, np.uint16(70)), (ODD, PAD, np.float32(0.25))),
    ],
    "pad_by": [(U8, PAD, mode) for mode in ("edge", "reflect", "symmetric")],
    "premultiplied": [(RGBA,)],
    "unpremultiplied": [(RGBA,)],
    "cv2_linear": [(U8, *size) for size in (SMALL, LARGE, HALF, (31, 45))],
    "cv2_linear_f32": [(ODD, *size) for size in (SMALL, LARGE, (31, 45))],
    "cv2_linear_exact": [(U8, *size) for size in (SMALL, LARGE)],
    "cv2_area": [(U8, *size) for size in (SMALL, LARGE, WIDER, (31, 9))],
    "cv2_area_f32": [(ODD, *size) for size in (SMALL, LARGE, WIDER, (31, 9))],
    "cv2_cubic": [(x, *size) for x in (U8, ODD) for size in (SMALL, LARGE)],
    "cv2_lanczos4": [(x, *size) for x in (U8, ODD) for size in (SMALL, LARGE)],
    "cv2_nearest": [(x, *size) for x in (U8, U16) for size in (SMALL, LARGE)],
    "cv2_nearest_exact": [(x, *size) for x in (U8, U16) for size in (SMALL, LARGE)],
    "pil_nearest": [(U8, *SMALL), (ODD, *LARGE)],
    "pil_resize": [
        *((U8, *SMALL, "bicubic"), (U8, *LARGE, "lanczos"), (RGBA, *WIDER, "box")),
        *((U8, 20, 9, "bilinear", version) for version in (12, 13)),
    ],
    "pil_resize_f32": [(ODD, *SMALL, "bicubic"), (ODD, 20, 9, "bilinear", 12)],
    "torch_nearest": [(U8, *SMALL, 0.0), (ODD, *LARGE, 0.5)],
    "torch_resize": [
        (U8, *size, filter_, antialias)
        for size in (SMALL, LARGE)
        for filter_ in ("bilinear", "bicubic")
        for antialias in (False, True)
    ],
}
"""The arguments of kernels that are called as numpy's are."""


@pytest.mark.parametrize("kernel", ARRAYS)
def test_as_numpy_computes(kernel: str) -> None:
    for given in ARRAYS[kernel]:
        apart = kernel in ("cv2_cubic", "cv2_lanczos4") and given[0].dtype == np.float32
        wanted = numpy_kernel(f"{kernel}_f32" if apart else kernel)(
            *(x.copy() if isinstance(x, np.ndarray) else x for x in given)
        )
        arrays = {f"x{i}": np.asarray(x) for i, x in enumerate(given) if is_array(x)}
        (found,) = run(placing(kernel, given), arrays)
        same(found, wanted, 0, f"{kernel} {given[1:]}")


PARTS: Table = {
    "cv2_linear": [(U8, *LARGE), (U8, 31, 45)],
    "cv2_linear_f32": [(ODD, *LARGE), (ODD, 31, 45)],
    "pil_resize": [(U8, *LARGE, "lanczos"), (RGBA, 25, 45, "box"), (U8, 31, 45, "bilinear", 12)],
    "pil_resize_f32": [(ODD, 24, 38, "bicubic"), (ODD, 31, 45, "box")],
}
"""The arguments of kernels that can compute a part alone."""


@pytest.mark.parametrize("kernel", PARTS)
def test_a_part(kernel: str) -> None:
    """Of the whole result the numbers of a crop, whose corner the graph knows or is given."""
    for x, h, w, *rest in PARTS[kernel]:
        wanted = numpy_kernel(kernel)(x.copy(), h, w, *rest)[5:16, 7:20]
        crop = Placement(11, 13, h, w, h, w, -5, -7)
        (found,) = run(part_of(kernel, h, w, rest, crop), {"x": x})
        same(found, wanted, 0, f"{kernel} to {h} x {w}")
        corner = {"top": np.array([-5]), "left": np.array([-7])}
        (found,) = run(part_of(kernel, h, w, rest, crop), {"x": x, **corner})
        same(found, wanted, 0, f"{kernel} to {h} x {w}, from an open corner")


def part_of(kernel: str, h: int, w: int, rest: list[Any], crop: Placement) -> Callable[..., Any]:
    def call(x: Any, *corner: Any) -> Any:
        at = crop._replace(**dict(zip(("top", "left"), corner, strict=False)))
        return getattr(Kernels(), kernel)(x, h, w, *rest, part=at)

    return call


def is_array(x: Any) -> bool:
    return isinstance(x, np.ndarray | np.generic)


def placing(kernel: str, given: tuple[Any, ...]) -> Callable[..., Any]:
    """A call whose arrays are tensors, and the rest is known."""

    def call(*tensors: Any) -> Any:
        left = iter(tensors)
        arguments = [next(left) if is_array(x) else x for x in given]
        return call_of(kernel)(*arguments)

    return call


def numpy_kernel(name: str) -> Any:
    """numpy's kernel of this name."""
    pattern = re.compile(rf"^def {name}\(", re.M)
    (path,) = (p for p in FOLDER.glob("*/*_numpy.py") if pattern.search(p.read_text("utf-8")))
    return getattr(importlib.import_module(f"kernels.{path.parent.name}.{path.stem}"), name)


@pytest.mark.parametrize("dtype", ["u8", "u16", "i32", "i64"])
def test_cast_rounded(dtype: str) -> None:
    kind: Any = {"u8": np.uint8, "u16": np.uint16, "i32": np.int32, "i64": np.int64}[dtype]
    low, high = int(np.iinfo(kind).min), int(np.iinfo(kind).max)
    wanted = numpy_kernel("cast_rounded")(REAL, kind, low, high)
    (found,) = run(call_of("cast_rounded", dtype, low, high), {"x": REAL})
    same(found, wanted, 0, dtype)


@pytest.mark.parametrize("x", [U8, U16, F32], ids=["u8", "u16", "f32"])
@pytest.mark.parametrize(("channel", "apart"), [(None, False), (-1, False), (-1, True)])
@pytest.mark.parametrize(("eps", "least"), [(1e-4, 0.0), (0.0, None)])
def test_standardized(
    x: np.ndarray, channel: int | None, apart: bool, eps: float, least: float | None
) -> None:
    wanted = numpy_kernel("standardized")(x.copy(), channel, apart, eps, least)
    (found,) = run(call_of("standardized", 3, channel, apart, eps, least), {"x": x[None]})
    same(found[0], wanted, 0, "standardized")


@pytest.mark.parametrize("n", [1, 2, 3, 7, 64, 1395])
def test_tree_sum(n: int) -> None:
    x = RNG.standard_normal((4, n))
    wanted = numpy_kernel("tree_sum")(x.copy())
    (found,) = run(call_of("tree_sum"), {"x": x})
    same(found, wanted, 0, f"{n} numbers")


@pytest.mark.parametrize("axes", [(-1,), (-3,), (-3, -2), (-1, -3)])
def test_sums(axes: tuple[int, ...]) -> None:
    for kernel, x in (("total", ODD), ("count", U8), ("count", U8 > 99)):
        wanted = numpy_kernel(kernel)(x, list(axes))
        (found,) = run(call_of(kernel, axes), {"x": x})
        same(found, wanted, 0, kernel)


@pytest.mark.parametrize("frames", [1, 2])
@pytest.mark.parametrize("pad_to", [0, 150])
def test_patches(frames: int, pad_to: int) -> None:
    clip = RNG.integers(0, 256, (3, 24, 16, 3), dtype=np.uint8)
    order = (1, 4, 7, 8)
    wanted = numpy_kernel("patches")(clip, 4, 2, frames, 2, list(order), pad_to)
    (found,) = run(call_of("patches", 4, 2, frames, 2, order, pad_to), {"x": clip})
    same(found, wanted, 0, "patches")


@pytest.mark.parametrize("axis", [-1, -2, -3])
@pytest.mark.parametrize("index", [[[2, 0], [1, 1]], [2, 2, 0], 1])
def test_taken(axis: int, index: Any) -> None:
    """In a batch each sample has its own index."""
    places = np.array(index)
    samples = [numpy_kernel("taken")(x, i, axis) for x, i in ((U8, places), (U8 + 1, 2 - places))]
    given = {"x": np.stack([U8, U8 + 1]), "index": np.stack([places, 2 - places])}
    (found,) = run(call_of("taken", axis, 3, places.ndim, False), given)
    same(found, np.stack(samples), 0, "taken")


def test_matmul() -> None:
    """Within its bound."""
    x, y = ODD[..., 0].copy(), RNG.standard_normal((5, 45, 2)).astype(np.float32)
    with np.errstate(all="ignore"):
        wanted = numpy_kernel("matmul")(x, y, (-1, -2))
        largest = np.abs(wanted[np.isfinite(wanted)]).max()
    (found,) = run(call_of("matmul", (-1, -2), (2, 3)), {"x": x, "y": y})
    same(found, wanted, 1.2e-7 * largest, "matmul")


WARPED = ("warped_linear", "warped_nearest")


@pytest.mark.parametrize("kernel", WARPED)
def test_warped(kernel: str) -> None:
    """Of samples with a matrix each the bits of numpy's, also where a matrix is no number."""
    matrices = np.stack([TURN, UNKNOWN, TURN * np.float32(0.5)])
    for x, fill in ((U8, 7), (ODD, 0.5)):
        samples = np.stack([x, x, x[::-1]])
        for fixed in (False, True):
            call = call_of(kernel, *SMALL, fill, fixed)
            (found,) = run(call, {"x": samples, "matrix": matrices})
            for i, (one, matrix) in enumerate(zip(samples, matrices, strict=True)):
                wanted = numpy_kernel(kernel)(one, matrix, *SMALL, fill, fixed)
                same(found[i], wanted, 0, f"{kernel}, {x.dtype}, sample {i}, {fixed}")


def test_torch_resize_f32() -> None:
    """Within the bound of its samplers."""
    for mode, antialias, bound in (("bilinear", False, 5e-7), ("bicubic", True, 5e-6)):
        x = RNG.random((31, 45, 3), dtype=np.float32)
        wanted = numpy_kernel("torch_resize")(x, *SMALL, mode, antialias)
        (found,) = run(call_of("torch_resize_f32", *SMALL, mode, antialias), {"x": x})
        same(found, wanted, bound, mode)


def test_every_kernel_is_called_here_or_by_one_that_is() -> None:
    """But for those that place a picture, and those of test_onnx_op_kernels.py."""
    called = {
        *ARRAYS,
        *WARPED,
        "matmul",
        "taken",
        "cast_rounded",
        "standardized",
        "tree_sum",
        "total",
        "patches",
        "torch_resize_f32",
    }
    assert untried(called, "pixels", "resize", "values") == set()


def untried(called: set[str], *folders: str) -> set[str]:
    """The files in these folders of which no kernel is called, also not by those that are."""
    files = {rooms.home(name) for name in called}
    while True:
        more = {other for file in files for other in imported(file)}
        if more <= files:
            break
        files |= more
    there = {f"kernels/{f}/{p.stem}" for f in folders for p in (FOLDER / f).glob("*_onnx.py")}
    return there - files


def imported(file: str) -> set[str]:
    """The kernels that a file takes."""
    folder = file.rpartition("/")[0]
    text = (ROOT / "templates" / f"{file}.py").read_text("utf-8")
    beside = {f"{folder}/{name}" for name in re.findall(r"^from \.(\w+) import", text, re.M)}
    others = re.findall(r"^from \.\.(\w+)\.(\w+) import", text, re.M)
    return beside | {f"kernels/{subject}/{name}" for subject, name in others}
