"""A family of models: a pipeline of `tests/families`, what all backends give, and plain numpy.

The helpers below are written from what the libraries document, and know nothing of the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
from documents import ROOT
from onnx_graphs import Graph, graphs
from support import BACKENDS, Built, build, run_post

from procdsl.ir.pipeline import Pipeline
from procdsl.lower.lower import sizes_of
from procdsl.opdef.geometric import GeometricOp, followed
from procdsl.types.coordinates import Placement

Arrays = Mapping[str, np.ndarray]


@cache
def built(name: str) -> Built:
    text = (ROOT / "tests" / "families" / f"{name}.proc").read_text(encoding="utf-8")
    return build(text, BACKENDS)


@cache
def graph_of(name: str) -> Graph:
    return Graph(graphs(built(name).pipeline)["post"])


def answers(name: str, outputs: Arrays, size: tuple[int, int]) -> Iterator[tuple[str, Any]]:
    """What each module gives for one picture, and the graph in ONNX Runtime; records as dicts."""
    pipeline = built(name).pipeline
    sizes = [size] * len(sizes_of(pipeline.post))
    for backend, module in built(name).modules.items():
        yield backend, run_post(module, outputs, sizes)
    yield "onnx", of_graph(pipeline, graph_of(name), outputs, size)


def of_graph(
    pipeline: Pipeline, graph: Graph, outputs: Arrays, size: tuple[int, int]
) -> dict[str, Any]:
    """The first of a batch of two, without the zeros behind what is found."""
    taken = {value.name for value in pipeline.outputs}
    given = {
        f"{name}.raw" if name in taken else name: np.stack([x, np.zeros_like(x)])
        for name, x in outputs.items()
    }
    if sizes_of(pipeline.post):
        given["image_size"] = np.array([size] * 2)
    found: dict[str, Any] = {}
    results = graph(given)
    for key, x in results.items():
        name, _, field = key.partition(".")
        if field == "counts":
            continue
        count = results.get(f"{name}.counts")
        one = x[0] if count is None else x[0, : count[0]]
        if field:
            found.setdefault(name, {})[field] = one
        else:
            found[name] = one
    return found


def placed(name: str, size: tuple[int, int]) -> list[Placement]:
    """Where the steps of `pre` put a picture of this size."""
    steps = [step.op for step in built(name).pipeline.serving()]
    return list(followed([op for op in steps if isinstance(op, GeometricOp)], *size))


def forward(places: list[Placement], points: np.ndarray) -> np.ndarray:
    """Points (x, y) of the picture, where the model sees them."""
    for at in places:
        points = at.points_forward(points)
    return points


# What libraries document


def bilinear(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """`interpolate(mode="bilinear", align_corners=False)` of [..., h, w], in float64."""

    def along(x: np.ndarray, size: int) -> np.ndarray:
        of = x.shape[-1]
        at = np.maximum((np.arange(size) + 0.5) * of / size - 0.5, 0)
        first = np.minimum(at.astype(int), of - 1)
        share = at - first
        return x[..., first] * (1 - share) + x[..., np.minimum(first + 1, of - 1)] * share

    across = along(np.asarray(x, np.float64), w)
    return along(across.swapaxes(-1, -2), h).swapaxes(-1, -2)


def nearest(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """`interpolate(mode="nearest")`, and `cv2.INTER_NEAREST`: the place below, of [..., h, w]."""
    rows = (np.arange(h) * x.shape[-2] / h).astype(int)
    columns = (np.arange(w) * x.shape[-1] / w).astype(int)
    return x[..., rows[:, None], columns]


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(np.asarray(x, np.float64) - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(x, np.float64)))


def letterboxed(size: tuple[int, int], h: int, w: int) -> tuple[int, int, int, int]:
    """Top, left, height and width of a picture in the middle of h x w (Ultralytics' LetterBox)."""
    ratio = min(h / size[0], w / size[1])
    new_h, new_w = round(size[0] * ratio), round(size[1] * ratio)
    return (h - new_h) // 2, (w - new_w) // 2, new_h, new_w


def disk(h: int, w: int, centre: np.ndarray, radii: np.ndarray, scale: float = 1) -> np.ndarray:
    """How far inside of an ellipse the middle of each place is: 1 in its middle, 0 at its edge."""
    y, x = (np.mgrid[:h, :w] + 0.5) * scale
    return 1 - np.hypot((x - centre[0]) / radii[0], (y - centre[1]) / radii[1])


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two masks."""
    return float((a & b).sum() / max((a | b).sum(), 1))
