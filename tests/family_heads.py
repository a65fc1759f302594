"""What heads of detectors give for objects that are known, and what their numbers mean.

For each family there is a way in, which writes objects into raw outputs as training would have the
model give them, and a way out in float64, from the arithmetic that its paper or documentation
states: none of it is of procdsl. Boxes are (x1, y1, x2, y2) in pixels of the model's input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Outputs = dict[str, np.ndarray]
Decoded = tuple[np.ndarray, np.ndarray]
"""Boxes [n, 4], and a score of each class [n, class]."""


@dataclass(frozen=True)
class Objects:
    """Boxes in pixels of the model's input, their classes and their scores."""

    boxes: np.ndarray
    classes: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True)
class Family:
    draw: Callable[[Objects], Outputs]
    decode: Callable[[Outputs], Decoded]


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x.astype(np.float64)))


def logit(p: np.ndarray | float) -> np.ndarray:
    return np.log(np.asarray(p, np.float64) / (1 - np.asarray(p, np.float64)))


def softmax(x: np.ndarray, axis: int) -> np.ndarray:
    powers = np.exp(x.astype(np.float64) - x.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def noise(*shape: int, mean: float = 0, spread: float = 1) -> np.ndarray:
    return np.random.default_rng(7).normal(mean, spread, shape).astype(np.float32)


def centred(boxes: np.ndarray) -> np.ndarray:
    x1, y1, x2, y2 = boxes.astype(np.float64).T
    return np.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], -1)


def cornered(boxes: np.ndarray) -> np.ndarray:
    cx, cy, w, h = np.moveaxis(boxes.astype(np.float64), -1, 0)
    return np.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], -1)


# YOLOv3 (Redmon and Farhadi, 2018), v4 (`scale_x_y` of darknet's configurations), v5 and v7 (the
# architecture summary of Ultralytics' documentation: 2 * sigmoid - 0.5, and its square)


def anchored_yolo(
    grids: Mapping[str, tuple[int, float, tuple[float, ...]]], side: int, squared: bool, last: bool
) -> Family:
    """Levels by name: places along a side, scale of x and y, anchors; features may come last."""

    def draw(objects: Objects) -> Outputs:
        raw = {
            name: noise(3, 85, n, n, mean=-6) for name, (n, _, _) in grids.items()
        }  # [anchor, feature, row, column]
        for box, label, score in zip(
            centred(objects.boxes), objects.classes, objects.scores, strict=True
        ):
            shapes = [
                (name, a, np.array(anchors[2 * a : 2 * a + 2]))
                for name, (_, _, anchors) in grids.items()
                for a in range(3)
            ]
            name, a, anchor = min(shapes, key=lambda s: np.abs(np.log(box[2:] / s[2])).max())
            n, scale, _ = grids[name]
            place = box[:2] * n / side
            column, row = place.astype(int)
            cell = raw[name][a, :, row, column]
            cell[:2] = logit((place - (column, row) + (scale - 1) / 2) / scale)
            grown = box[2:] / anchor
            cell[2:4] = logit(np.sqrt(grown) / 2) if squared else np.log(grown)
            cell[4], cell[5 + label] = logit(0.95), logit(score / 0.95)
        if last:
            return {name: x.transpose(0, 2, 3, 1).copy() for name, x in raw.items()}
        return {name: x.reshape(255, *x.shape[2:]) for name, x in raw.items()}

    def decode(outputs: Outputs) -> Decoded:
        boxes, scores = [], []
        for name, (n, scale, anchors) in grids.items():
            raw = outputs[name]
            raw = raw.transpose(0, 3, 1, 2) if last else raw.reshape(3, 85, n, n)
            rows, columns = np.mgrid[:n, :n]
            for a in range(3):
                tx, ty, tw, th, objectness = raw[a, :5].astype(np.float64)
                cx = (scale * sigmoid(tx) - (scale - 1) / 2 + columns) * side / n
                cy = (scale * sigmoid(ty) - (scale - 1) / 2 + rows) * side / n
                grow = [(2 * sigmoid(t)) ** 2 if squared else np.exp(t) for t in (tw, th)]
                w, h = grow[0] * anchors[2 * a], grow[1] * anchors[2 * a + 1]
                boxes.append(cornered(np.stack([cx, cy, w, h], -1)).reshape(-1, 4))
                of = sigmoid(objectness) * sigmoid(raw[a, 5:])
                scores.append(of.reshape(80, -1).T)
        return np.concatenate(boxes), np.concatenate(scores)

    return Family(draw, decode)


# Rows of boxes in pixels, decoded by the model


def rows_of_pixels(objectness: bool) -> Family:
    """YOLOv5's rows [anchor, 85], and the columns [84, anchor] of v8."""
    n, first = (25200, 5) if objectness else (8400, 4)

    def draw(objects: Objects) -> Outputs:
        raw = np.abs(noise(n, first + 80, spread=0.02)).clip(max=0.2)
        raw[:, :4] = np.abs(noise(n, 4, mean=300, spread=90))
        for i, box in enumerate(centred(objects.boxes)):
            at = 100 + 37 * i
            raw[at, :4], raw[at, 4 : first + 80] = box, 0
            raw[at, 4] = 0.95 if objectness else 0
            raw[at, first + objects.classes[i]] = objects.scores[i] / (0.95 if objectness else 1)
        return {"raw": raw if objectness else raw.T.copy()}

    def decode(outputs: Outputs) -> Decoded:
        raw = (outputs["raw"] if objectness else outputs["raw"].T).astype(np.float64)
        return cornered(raw[:, :4]), raw[:, first:] * (raw[:, 4:5] if objectness else 1)

    return Family(draw, decode)


# YOLOX (Ge et al., 2021): an offset from a place, and the logarithm of a size, both in strides


def places(sides: tuple[int, int], strides: tuple[int, ...]) -> np.ndarray:
    """The column, the row and the stride of each place, level by level, row by row."""
    found = [
        (column, row, stride)
        for stride in strides
        for row in range(-(-sides[0] // stride))
        for column in range(-(-sides[1] // stride))
    ]
    return np.array(found, np.float64)


def at_place(grid: np.ndarray, point: np.ndarray, stride: int) -> int:
    """The place of a level in whose square a point lies."""
    column, row = (point // stride).astype(int)
    (at,) = np.flatnonzero((grid == (column, row, stride)).all(1))
    return int(at)


def yolox() -> Family:
    strides, grid = (8, 16, 32), places((640, 640), (8, 16, 32))

    def draw(objects: Objects) -> Outputs:
        raw = np.abs(noise(8400, 85, spread=0.1))
        for i, box in enumerate(centred(objects.boxes)):
            stride = strides[i % 3]
            at = at_place(grid, box[:2], stride)
            raw[at] = 0
            raw[at, :2] = box[:2] / stride - grid[at, :2]
            raw[at, 2:4] = np.log(box[2:] / stride)
            raw[at, 4], raw[at, 5 + objects.classes[i]] = 0.95, objects.scores[i] / 0.95
        return {"raw": raw}

    def decode(outputs: Outputs) -> Decoded:
        raw = outputs["raw"].astype(np.float64)
        centre = (raw[:, :2] + grid[:, :2]) * grid[:, 2:]
        boxes = np.concatenate([centre, np.exp(raw[:, 2:4]) * grid[:, 2:]], 1)
        return cornered(boxes), raw[:, 4:5] * raw[:, 5:]

    return Family(draw, decode)


# Distances from points: FCOS (Tian et al., 2019), distributions of them (Li et al., Generalized
# Focal Loss, 2020), as YOLOv8 and NanoDet-Plus have them


def distribution(distances: np.ndarray, bins: int) -> np.ndarray:
    """Logits over bins [4, bins] whose expected values are these: two neighbours share them."""
    lower = np.minimum(distances.astype(int), bins - 2)
    found = np.full((4, bins), -30.0)
    for side, low in enumerate(lower):
        share = np.clip(distances[side] - low, 1e-9, 1 - 1e-9)
        found[side, low], found[side, low + 1] = np.log(1 - share), np.log(share)
    return found


def from_points(
    sides: tuple[int, int],
    strides: tuple[int, ...],
    offset: float,
    draw: Callable[[np.ndarray, np.ndarray, Objects], Outputs],
    decode: Callable[[Outputs], tuple[np.ndarray, np.ndarray]],
) -> Family:
    """`draw` is given places of objects and distances in strides; `decode` gives these."""
    grid = places(sides, strides)
    points = (grid[:, :2] + offset) * grid[:, 2:]

    def drawn(objects: Objects) -> Outputs:
        at, distances = [], []
        for x1, y1, x2, y2 in objects.boxes.astype(np.float64):
            middle, longest = np.array([(x1 + x2) / 2, (y1 + y2) / 2]), max(x2 - x1, y2 - y1)
            stride = next(s for s in strides if longest / s < 11 or s == strides[-1])
            nearest = np.rint(middle / stride - offset) * stride
            at.append(at_place(grid, nearest, stride))
            x, y = points[at[-1]]
            distances.append(np.array([x - x1, y - y1, x2 - x, y2 - y]) / stride)
        return draw(np.array(at), np.array(distances), objects)

    def decoded(outputs: Outputs) -> Decoded:
        distances, scores = decode(outputs)
        distances = distances * grid[:, 2:]
        return np.concatenate([points - distances[:, :2], points + distances[:, 2:]], 1), scores

    return Family(drawn, decoded)


def yolov8_dfl() -> Family:
    levels = {"fine": 80, "middle": 40, "coarse": 20}

    def draw(at: np.ndarray, distances: np.ndarray, objects: Objects) -> Outputs:
        raw = noise(144, 8400, mean=-9)
        for i, place in enumerate(at):
            raw[:64, place] = distribution(distances[i], 16).ravel()
            raw[64 + objects.classes[i], place] = logit(objects.scores[i])
        parts = np.split(raw, [6400, 8000], 1)
        return {
            name: np.ascontiguousarray(x.reshape(144, n, n))
            for (name, n), x in zip(levels.items(), parts, strict=True)
        }

    def decode(outputs: Outputs) -> Decoded:
        raw = np.concatenate([outputs[name].reshape(144, -1) for name in levels], 1)
        bins = softmax(raw[:64].reshape(4, 16, -1), 1)
        return np.einsum("sbn,b->ns", bins, np.arange(16)), sigmoid(raw[64:]).T

    return from_points((640, 640), (8, 16, 32), 0.5, draw, decode)


def nanodet() -> Family:
    def draw(at: np.ndarray, distances: np.ndarray, objects: Objects) -> Outputs:
        raw = noise(2125, 112, mean=-9)
        for i, place in enumerate(at):
            raw[place, 80:] = distribution(distances[i], 8).ravel()
            raw[place, objects.classes[i]] = logit(objects.scores[i])
        return {"raw": raw}

    def decode(outputs: Outputs) -> Decoded:
        raw = outputs["raw"]
        bins = softmax(raw[:, 80:].reshape(-1, 4, 8), 2)
        return bins @ np.arange(8), sigmoid(raw[:, :80])

    return from_points((320, 320), (8, 16, 32, 64), 0, draw, decode)


def fcos() -> Family:
    def draw(at: np.ndarray, distances: np.ndarray, objects: Objects) -> Outputs:
        found = {
            "distances": np.abs(noise(2728, 4)),
            "logits": noise(2728, 91, mean=-11),
            "centreness": noise(2728),
        }
        found["distances"][at] = distances
        found["centreness"][at] = logit(0.95)
        found["logits"][at, objects.classes] = logit(objects.scores.astype(np.float64) ** 2 / 0.95)
        return found

    def decode(outputs: Outputs) -> Decoded:
        centreness = sigmoid(outputs["centreness"])[:, None]
        return outputs["distances"], np.sqrt(sigmoid(outputs["logits"]) * centreness)

    return from_points((256, 512), (8, 16, 32, 64, 128), 0, draw, decode)
