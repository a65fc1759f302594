"""The tables of samplers, which a graph makes from the sizes: those of numpy, for many sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from onnx_kernels import opened

from kernels.resize.cv2_area_pass_numpy import cv2_area_taps
from kernels.resize.cv2_area_places_numpy import cv2_area_places
from kernels.resize.cv2_cubic_taps_numpy import cv2_cubic_taps
from kernels.resize.cv2_lanczos4_taps_numpy import cv2_lanczos4_taps
from kernels.resize.cv2_linear_exact_numpy import cv2_linear_exact_taps
from kernels.resize.cv2_places_numpy import cv2_places
from kernels.resize.filter_weights_numpy import filter_weights
from kernels.resize.nearest_exact_places import nearest_exact_places
from kernels.resize.torch_nearest_numpy import torch_nearest_at
from kernels.resize.torch_weights_numpy import torch_weights
from procdsl.codegen.onnx import axes, rooms
from procdsl.codegen.onnx.operators import clip

Arrays = Sequence[Any]
Table = tuple[Callable[..., Any], Callable[[int, int], Arrays]]


def kernel(name: str) -> Any:
    return rooms.kernel(name)


def pil(filter_: str) -> Table:
    def graph(source: Any, target: Any) -> Any:
        index, weights, _ = kernel("pil_weights")(source, target, filter_, (0, target))
        return index, kernel("weights_22_bit")(weights)

    def wanted(source: int, target: int) -> Arrays:
        start, weights = filter_weights(source, target, filter_)
        scaled = weights * 2.0**22
        return by_tap(start, np.trunc(scaled + np.copysign(0.5, scaled)), source)

    return graph, wanted


def torch(filter_: str, antialias: bool) -> Table:
    def wanted(source: int, target: int) -> Arrays:
        start, weights = torch_weights(source, target, filter_, antialias, fixed=True)
        return by_tap(start, weights * 2.0**22, source)

    return lambda s, t: kernel("torch_table")(s, t, filter_, antialias), wanted


def nearest(offset: float) -> Table:
    return (
        lambda s, t: kernel("torch_nearest_places")(s, t, offset),
        lambda s, t: [torch_nearest_at(s, t, offset)],
    )


def by_tap(start: np.ndarray, whole: np.ndarray, source: int) -> Arrays:
    index = np.minimum(start + np.arange(len(whole))[:, None], source - 1)
    return index, whole.astype(np.int32)


def stacked(name: str) -> Callable[..., Any]:
    """The lists of a kernel that gives one for each tap, as [tap, target]."""

    def graph(source: Any, target: Any) -> Any:
        index, weights = kernel(name)(source, target)
        return axes.stack(index, 0), axes.stack(weights, 0)

    return graph


def exact_taps(source: Any, target: Any) -> Any:
    """As numpy's: the left and the right pixel, which stay within the axis, and their weights."""
    left, _, weight = kernel("cv2_linear_exact_taps")(source, target)
    index = clip(left, 0, source - 1), clip(left + 1, 0, source - 1)
    return axes.stack(index, 0), axes.stack((256 - weight, weight), 0)


TABLES: dict[str, Table] = {
    **{f"pil.{f}": pil(f) for f in ("box", "bilinear", "hamming", "bicubic", "lanczos")},
    **{f"torch.{f}.{aa}": torch(f, aa) for f in ("bilinear", "bicubic") for aa in (False, True)},
    "cv2.cubic": (stacked("cv2_cubic_taps"), cv2_cubic_taps),
    "cv2.lanczos4": (stacked("cv2_lanczos4_taps"), cv2_lanczos4_taps),
    "cv2.linear_exact": (exact_taps, cv2_linear_exact_taps),
    "cv2.linear": (lambda s, t: kernel("cv2_places")(s, t), cv2_places),
    "cv2.area, larger": (lambda s, t: kernel("cv2_area_places")(s, t), cv2_area_places),
    "cv2.area": (lambda s, t: kernel("cv2_area_taps")(s, t), cv2_area_taps),
    "cv2.nearest": (
        lambda s, t: kernel("cv2_nearest_places")(s, t),
        lambda s, t: [np.minimum(np.floor(np.arange(t) * (1 / (t / s))), s - 1).astype(np.int64)],
    ),
    "steps": (
        lambda s, t: kernel("stepped_places")(s, t),
        lambda s, t: [np.array(nearest_exact_places(s, t))],
    ),
    **{f"torch.nearest {offset}": nearest(offset) for offset in (0.0, 0.5)},
}


def pairs(count: int) -> list[tuple[int, int]]:
    """Sizes before and after: a few, and drawn ones of all magnitudes."""
    rng = np.random.default_rng(count)
    drawn = [(int(a), int(b)) for a, b in np.exp(rng.uniform(0, 8, (count, 2)))]
    return [(1, 1), (1, 7), (7, 1), (640, 480), (480, 640), (1920, 640), *drawn]


def check(name: str, count: int) -> None:
    graph, wanted = TABLES[name]
    run = opened(graph, {"source": np.array([1]), "target": np.array([1])})
    for source, target in pairs(count):
        if name == "cv2.area" and target > source:
            continue
        found = run({"source": np.array([source]), "target": np.array([target])})
        for x, y in zip(found, wanted(source, target), strict=True):
            assert np.array_equal(x, y), f"{source} to {target}"


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str) -> None:
    check(name, 20)


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_tables_of_a_thousand_sizes(name: str) -> None:
    check(name, 1000)
