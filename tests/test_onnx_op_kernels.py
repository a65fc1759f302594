"""Kernels of graphs that belong to one family of ops, each against numpy's of the same name."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from onnx_kernels import call_of, run
from support import HUGE, NANS, NOT_FINITE, TINY, same, specked
from test_onnx_kernels import FOLDER, Table, is_array, numpy_kernel, placing, untried

from kernels.geometry.placement import Placement
from kernels.tiles.tile_starts import tile_starts
from procdsl.codegen.onnx import rooms
from procdsl.codegen.onnx.axes import as_constant, moved
from procdsl.codegen.onnx.graph import Tensor

RNG = np.random.default_rng(0)
F32 = (RNG.standard_normal((31, 45, 3)) * 3).astype(np.float32)
ODD = specked(F32, (*NOT_FINITE, *TINY, *HUGE))
TIED = np.array(RNG.choice([np.nan, -np.inf, -0.0, 0.0, 1, np.inf], (40, 5)), np.float32)
ZEROS = np.array(RNG.choice([-0.0, 0.0, -1, -np.inf], (40, 5)), np.float32)
BOXES = specked((RNG.standard_normal((9, 4)) * 30).astype(np.float32), NOT_FINITE)
PLACED = Placement(40, 30, 31, 45, 40, 20, 4, -7)
TURNED = Placement(45, 31, 31, 45, 31, -45, 0, 45, True)

ARRAYS: Table = {
    "largest": [(x, axis) for x in (ODD, TIED, ZEROS) for axis in (0, 1)],
    "top_k": [
        (x, k, axis) for x in (ODD, TIED, ZEROS) for axis in (0, 1) for k in (1, 4, x.shape[axis])
    ],
    "top_k_of_two": [
        *(
            (x, k, axes, -1)
            for x in (ODD[:9, :, 0].copy(), TIED)
            for axes in ((-2, -1), (-1, -2))
            for k in (1, 7)
        ),
        (ODD, 5, (-3, -1), -2),
    ],
    "expected_value": [(ODD, np.array([0, 0.5, -3], np.float32), 2)],
    "lookup_number": [(np.array([[2, 0, 1]]), np.array([7, -1, 90]))],
    "boxes_xyxy": [(BOXES, form) for form in ("cxcywh", "xywh", "xyxy", "yxyx")],
    "boxes_in_form": [(BOXES, form) for form in ("cxcywh", "xywh", "yxyx")],
    "boxes_scaled": [
        (BOXES, (30, 20), to_pixels, y_first)
        for to_pixels in (True, False)
        for y_first in (True, False)
    ],
    "boxes_round_points": [
        (specked(F32[0, :30, :1].repeat(4, 1), NOT_FINITE), 32, 48, (8, 16), offset, by_stride)
        for offset in (0.5, 0.1)
        for by_stride in (True, False)
    ],
    "boxes_at_centres": [(ODD[:8, :24, :2].T.copy(), F32[:8, :24, :2].T.copy(), 24, 8, 4)],
    "peaks": [(x.T.copy(), window) for x in (ODD, F32.round()) for window in (3, 5)],
    "polygon_corners": [(ODD[:, :5, 0].copy(),), (F32[:, :5, 0] * 100,)],
    "class_ids": [(ODD[:, 0, 0].copy(), 3)],
    "boxes_clipped": [(BOXES, (30, 20))],
    "points_clipped": [(ODD[..., :2].copy(), (30, 20))],
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
    """Within their bounds."""
    ends = np.array([-np.inf, -1e4, -104, -87.3, 0, 16.7, 88.8, 1e4, np.inf, np.nan], np.float32)
    for x in (F32, ODD, ends):
        for kernel, rest in (("sigmoid", ()), ("softmax", (0,)), ("log_softmax", (0,))):
            with np.errstate(all="ignore"):
                wanted = numpy_kernel(kernel)(x, *rest)
            (found,) = run(call_of(kernel, *rest), {"x": x})
            largest = np.abs(wanted, where=np.isfinite(wanted), out=np.zeros_like(wanted)).max()
            same(found, wanted, 1.2e-7 * largest if kernel == "log_softmax" else 6e-8, kernel)


def test_boxes_on_grid() -> None:
    """Sizes within the bound of their exponentials."""
    raw = specked(F32[:4, :30, 0].copy() / 3, NOT_FINITE)
    call = call_of("boxes_on_grid", 32, 48, (8, 16))
    (found,) = run(call, {"x": raw})
    same(found, numpy_kernel("boxes_on_grid")(raw, 32, 48, (8, 16)), 1e-5, "boxes_on_grid")


def test_anchors() -> None:
    """A level's anchors for each sample, and boxes of what a head says of them."""
    levels = ((4, 6, 8, 8, 2), (1, 2, 30, 24, 1))
    raw = (np.random.default_rng(1).standard_normal((50, 4)) * 0.7).astype(np.float32)
    cells = np.array([(-4, -3, 4.5, 3), (-1, -1, 1, 1), (0.1, 0.2, 7, 9)], np.float32)
    for corners in (True, False):
        static = (levels, 0.5, corners, False)
        (found,) = run(call_of("anchors_on_grids", *static), {"x": raw[None], "cells": cells})
        anchors = numpy_kernel("anchors_on_grids")(raw, cells, *static)
        same(found[0], anchors, 0, "anchors_on_grids")
        for divided, most in ((True, None), (False, 0.3)):
            rule = ((2.0, 3.0, 0.5, 1.0), divided, most, corners)
            call = call_of("boxes_of_deltas", *rule)
            (found,) = run(call, {"deltas": raw, "anchors": anchors})
            same(found, numpy_kernel("boxes_of_deltas")(raw, anchors, *rule), 1e-4, "deltas")


@pytest.mark.parametrize("squared", [True, False])
def test_yolo_grid(squared: bool) -> None:
    raw = (np.random.default_rng(1).standard_normal((14, 5, 7)) * 3).astype(np.float32)
    anchors = np.array([(10, 13), (16.5, 30)], np.float32)
    static = (7, 5, 7, 8, 1.05, 0.025, squared)
    found = run(
        lambda x: call_of("yolo_grid", *static)(
            x, as_constant(anchors.tolist(), "f32", "a", (2, 2))
        ),
        {"raw": raw},
    )
    for x, y in zip(found, numpy_kernel("yolo_grid")(raw, anchors, *static), strict=True):
        same(x, y, 1e-2, "yolo_grid")


@pytest.mark.parametrize("at", [PLACED, TURNED, PLACED._replace(content_h=-40)])
@pytest.mark.parametrize("way", ["back", "forward"])
@pytest.mark.parametrize(("what", "x"), [("boxes", BOXES), ("points", BOXES[..., :2])])
def test_coordinates_moved(what: str, x: np.ndarray, way: str, at: Placement) -> None:
    kernel = f"{what}_{way}"
    flipped = at.content_h < 0, at.content_w < 0
    wanted = numpy_kernel(kernel)(x, at)
    of_graphs = importlib.import_module(f"{rooms.__name__}.kernels.geometry.placement_onnx")
    (found,) = run(call_of(kernel, of_graphs.Placement(*at, *flipped)), {"x": x})
    same(found, wanted, 0, f"{at}")


@pytest.mark.parametrize("dtype", ["float32", "int64", "uint16", "bool"])
def test_zeros_behind(dtype: str) -> None:
    x, count = np.ones((3, 2, 5), dtype), np.array([0, 2, 5])
    (found,) = run(lambda x, count: call_of("zeros_behind")(x, count, 2), {"x": x, "count": count})
    wanted = np.broadcast_to(np.arange(5) < count[:, None, None], x.shape)
    same(found, wanted.astype(dtype), 0, dtype)


ALL = np.arange(2**24, dtype=np.uint32).view(np.uint8).reshape(2**12, 2**12, 4)
COLOURS: dict[str, list[tuple[Any, ...]]] = {
    "cv2_hsv": [(0, 180), (2, 180), (0, 256), (2, 256)],
    "cv2_lab": [(0,), (2,)],
    "pil_ycbcr": [(0,), (2,)],
    "pil_ycbcr_to_rgb": [(0,), (2,)],
    "luma_differences": [(0, 2, 11682, 9241), (2, 1, 14369, 8061)],
    "luma_differences_to_rgb": [
        *((0, 2, (22987, -11698, -5636, 29049)), (2, 1, (18678, -9519, -6472, 33292)))
    ],
    "rgb_to_planes": [(0,), (2,)],
    "to_gray": [((9798, 19235, 3735), 15), ((7471, 38470, 19595), 16)],
    "to_gray_f32": [((0, 1, 2),), ((2, 1, 0),)],
}
"""What kernels of three channels are given behind an image."""


def planes(call: Callable[..., Any]) -> Callable[..., Any]:
    """A call of a kernel that takes planes and gives them, with the channels of images last."""
    return lambda image: moved(call(moved(image, -1, -3)), -3, -1)


def check_colours(kernel: str, image: np.ndarray) -> None:
    for rest in COLOURS[kernel]:
        call = call_of(kernel, *rest)
        listed = [np.array(x) if kernel == "to_gray" and isinstance(x, tuple) else x for x in rest]
        if kernel == "rgb_to_planes":
            (found,) = run(lambda x, call=call: call(moved(x, -1, -3)), {"image": image})
        else:
            (found,) = run(planes(call), {"image": image})
        same(found, numpy_kernel(kernel)(image, *listed), 0, f"{kernel} {rest}")


@pytest.mark.parametrize("kernel", COLOURS)
def test_colours(kernel: str) -> None:
    """A few hundred thousand, all levels of each channel among them."""
    check_colours(kernel, np.ascontiguousarray(ALL[3::64, ::2, :3]))


@pytest.mark.slow
@pytest.mark.parametrize("kernel", COLOURS)
def test_all_colours(kernel: str) -> None:
    for rows in np.split(ALL, 8):
        check_colours(kernel, np.ascontiguousarray(rows[..., :3]))


@pytest.mark.parametrize(("alpha", "order"), [(3, (0, 1, 2)), (0, (3, 2, 1))])
@pytest.mark.parametrize("fill", [(0, 0, 0), (255, 255, 255), (124, 116, 104)])
def test_blend_over(alpha: int, order: tuple[int, ...], fill: tuple[int, ...]) -> None:
    """All levels on all levels of alpha."""
    levels = np.mgrid[:256, :256].astype(np.uint8)
    image = np.stack([levels[0], levels[1], 255 - levels[1], levels[0]], -1)
    wanted = numpy_kernel("blend_over")(image, [*order], alpha, np.array(fill))
    (found,) = run(planes(call_of("blend_over", order, alpha, fill)), {"image": image})
    same(found, wanted, 0, "blend_over")


def test_add_alpha() -> None:
    image = np.ascontiguousarray(ALL[:3, :5, :3])
    (found,) = run(planes(call_of("add_alpha")), {"image": image})
    same(found, numpy_kernel("add_alpha")(image), 0, "add_alpha")


FRAMES: dict[str, list[tuple[int, ...]]] = {
    "pairs_to_rgb": [(0, 0), (2, 0), (0, 1), (2, 1)],
    "planes_to_rgb": [(0,), (2,)],
}
SIZES_THAT_DO_NOT_FIT = "cannot be reshaped|must be >= 0"


@pytest.mark.parametrize("kernel", FRAMES)
def test_frames(kernel: str) -> None:
    frame = RNG.integers(0, 256, (300, 202), dtype=np.uint8)
    frame[:100] = np.arange(256, dtype=np.uint8)[np.arange(202)[::-1] % 256]
    for rest in FRAMES[kernel]:
        (found,) = run(lambda x, rest=rest: moved(call_of(kernel, *rest)(x), -3, -1), {"x": frame})
        same(found, numpy_kernel(kernel)(frame, *rest), 0, f"{kernel} {rest}")
        for rows, w in [(1, 2), (2, 2), (4, 6), (5, 6), (7, 6), (8, 6), (6, 5)]:
            with pytest.raises(Exception, match=SIZES_THAT_DO_NOT_FIT):
                run(call_of(kernel, *rest), {"x": frame[:rows, :w].copy()})


@pytest.mark.parametrize(("h", "w"), [(1, 1), (1, 2), (2, 1), (3, 4), (4, 3), (3, 3)])
def test_a_frame_of_an_odd_picture(h: int, w: int) -> None:
    convert = call_of("rgb_to_planes", 0)
    with pytest.raises(Exception, match=SIZES_THAT_DO_NOT_FIT):
        run(lambda x: convert(moved(x, -1, -3)), {"x": np.zeros((h, w, 3), np.uint8)})


@pytest.mark.parametrize("shifted", [True, False])
@pytest.mark.parametrize(("tile", "overlap"), [(1, 0), (5, 0), (5, 4), (16, 3)])
def test_tile_starts(tile: int, overlap: int, shifted: bool) -> None:
    call = call_of("tile_starts", tile, overlap, shifted)
    for size in (1, 2, 4, 5, 6, 9, 10, 11, 15, 16, 17, 29, 30, 42):
        (found,) = run(call, {"size": np.array([size])})
        assert found.tolist() == tile_starts(size, tile, overlap, shifted), size


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "float16", "float32", "bool"])
@pytest.mark.parametrize("fill", [(7,), (0, 1, 7)])
def test_tiles(dtype: str, fill: tuple[int, ...]) -> None:
    ground, call = np.array(fill, dtype), call_of("tiles")
    for h, w in ((31, 45), (16, 20), (3, 50), (9, 7)):
        image = RNG.integers(0, 256, (h, w, 3)).astype(dtype)
        for overlaps, shifted in (((0, 0), True), ((5, 3), True), ((15, 0), False)):
            wanted = numpy_kernel("tiles")("x", image, 16, 20, *overlaps, shifted, [0, 1], ground)
            (found,) = run(
                lambda x, fill, o=overlaps, s=shifted: call(x, (16, 20), o, s, (-3, -2), -4, fill),
                {"x": image, "fill": ground.reshape(1, 1, -1)},
            )
            same(found, wanted, 0, f"{h} x {w}, {overlaps}, {shifted}")


def test_pictures_that_make_no_tiles() -> None:
    small, many = np.zeros((15, 20, 1), np.uint8), np.zeros((300, 300, 1), np.uint8)
    for image, side in ((small, 16), (many, 1)):
        cut = call_of("tiles", (side, side), (0, 0), True, (-3, -2), -4)
        with pytest.raises(Exception, match=SIZES_THAT_DO_NOT_FIT):
            run(cut, {"x": image})


ROWS, COLUMNS = np.array([0, 12, 15]), np.array([0, 16, 25])


def test_boxes_of_tiles() -> None:
    boxes = specked(RNG.standard_normal((9, 5, 4)).astype(np.float32), NOT_FINITE)
    wanted = numpy_kernel("boxes_of_tiles")(boxes, ROWS.tolist(), COLUMNS.tolist())
    given = {"boxes": boxes[None], "rows": ROWS, "columns": COLUMNS}
    (found,) = run(call_of("boxes_of_tiles"), given)
    same(found[0], wanted, 0, "boxes")
    for few in (boxes[None, :1], boxes[None, :8]):
        with pytest.raises(Exception, match=SIZES_THAT_DO_NOT_FIT):
            run(call_of("boxes_of_tiles"), {**given, "boxes": few})


@pytest.mark.parametrize(("h", "w"), [(31, 45), (29, 40)])
def test_mean_of_tiles(h: int, w: int) -> None:
    """Three tiles over one place, whose order counts, and tiles that reach beyond the picture."""
    maps = specked(RNG.standard_normal((9, 2, 16, 20)).astype(np.float32), (*NANS, *TINY))
    wanted = numpy_kernel("mean_of_tiles")(maps, [-2, -1], h, w, ROWS.tolist(), COLUMNS.tolist())
    call = call_of("mean_of_tiles")

    def of_all(x: Tensor, h: Tensor, w: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        return call(x, (-2, -1), h, w, rows, columns, -4)

    given = {"h": np.array([h]), "w": np.array([w]), "rows": ROWS, "columns": COLUMNS}
    (found,) = run(of_all, {"x": maps[None], **given})
    same(found[0], wanted, 0, "maps")
    with pytest.raises(Exception, match=SIZES_THAT_DO_NOT_FIT):
        run(of_all, {"x": maps[None, :8], **given})


def test_sizes_of_all_samples() -> None:
    assert run(call_of("of_all"), {"h": np.array([7, 7])})[0].tolist() == [7]
    with pytest.raises(Exception, match=SIZES_THAT_DO_NOT_FIT):
        run(call_of("of_all"), {"h": np.array([7, 8])})


@pytest.mark.parametrize("bound", [-1.0, 0.5, 1e30])
def test_those_above_a_bound(bound: float) -> None:
    """Rows of which some are above, with zeros behind these."""
    x = ODD[:, :9, 0].copy()
    values, index, counts = run(call_of("top_above", bound, 5), {"x": x})
    for row, best, at, count in zip(x, values, index, counts, strict=True):
        wanted = numpy_kernel("top_above")(row, bound, 5)
        assert count == len(wanted[0])
        for found, part in zip((best, at), wanted, strict=True):
            same(found[:count], part, 0, "above")
            assert not found[count:].any()


BY_MATRIX = ("points_by_matrix", "boxes_by_matrix")


@pytest.mark.parametrize("kernel", BY_MATRIX)
def test_coordinates_by_a_matrix(kernel: str) -> None:
    """The bits of numpy's, also of what is no number."""
    x = ODD.ravel()[:120].reshape(30, 4)[:, : 2 if "points" in kernel else 4].copy()
    matrix = np.array([[0.9, -0.5, 3.25], [0.6, 1.1, -7.5]], np.float32)
    wanted = numpy_kernel(kernel)(x.copy(), matrix)
    (found,) = run(call_of(kernel), {"x": x, "matrix": matrix})
    same(found, wanted, 0, kernel)


def test_every_kernel_is_called_here_or_by_one_that_is() -> None:
    called = {
        *ARRAYS,
        *COLOURS,
        *FRAMES,
        "sigmoid",
        "softmax",
        "log_softmax",
        "boxes_back",
        "points_back",
        "points_forward",
        "boxes_forward",
        *BY_MATRIX,
        "top_above",
        "zeros_behind",
        "nms",
    }
    called |= {
        "boxes_on_grid",
        "anchors_on_grids",
        "boxes_of_deltas",
        "yolo_grid",
        "in_turn",  # in test_rotated
        "fused_boxes",  # in test_fusion
        "polygon_corners",
        "blend_over",
        "add_alpha",
        "tiles",
        "boxes_of_tiles",
        "mean_of_tiles",
    }
    families = ("boxes", "colour", "runtime", "scores", "tiles")
    assert untried(called, *families) == set()
    others = {"geometry", "pixels", "resize", "values"}
    others |= {"masks", "points", "text"}  # each is called by the cases of its op alone
    assert {path.parent.name for path in FOLDER.glob("*/*_onnx.py")} <= others | {*families}
