"""The heads of families that move anchors, find peaks or ask queries; see family_heads.py."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from family_heads import (
    Decoded,
    Family,
    Objects,
    Outputs,
    anchored_yolo,
    centred,
    cornered,
    fcos,
    logit,
    nanodet,
    noise,
    places,
    rows_of_pixels,
    sigmoid,
    softmax,
    yolov8_dfl,
    yolox,
)

# SSD (Liu et al., 2016), RetinaNet (Lin et al., 2017): how far anchors are moved, and how they grow


def ssd_priors() -> np.ndarray:
    """The default boxes of SSD300, section 2.2: centres and sizes in pixels."""
    sizes = (30, 60, 111, 162, 213, 264, 315)
    ratios = ((2,), (2, 3), (2, 3), (2, 3), (2,), (2,))
    found = []
    for k, (stride, n) in enumerate(
        zip((8, 16, 32, 64, 100, 300), (38, 19, 10, 5, 3, 1), strict=True)
    ):
        shapes = [(sizes[k], sizes[k]), ((sizes[k] * sizes[k + 1]) ** 0.5,) * 2]
        for ratio in ratios[k]:
            shapes += [(sizes[k] * r**0.5, sizes[k] / r**0.5) for r in (ratio, 1 / ratio)]
        for row in range(n):
            for column in range(n):
                found += [((column + 0.5) * stride, (row + 0.5) * stride, w, h) for w, h in shapes]
    return np.array(found)


def retina_anchors() -> np.ndarray:
    """Those of torchvision's RetinaNet: centres and sizes, of rounded corners."""
    found = []
    for column, row, stride in places((256, 512), (8, 16, 32, 64, 128)):
        base = int(stride) * 4
        for ratio in (0.5, 1, 2):
            for size in (base, int(base * 2 ** (1 / 3)), int(base * 2 ** (2 / 3))):
                w, h = size / ratio**0.5, size * ratio**0.5
                w, h = 2 * round(w / 2), 2 * round(h / 2)
                found.append((column * stride, row * stride, w, h))
    return np.array(found)


def moved_anchors(
    anchors: np.ndarray,
    by: tuple[float, ...],
    draw_scores: Callable[[np.ndarray, Objects], np.ndarray],
    scores: Callable[[np.ndarray], np.ndarray],
) -> Family:
    """Deltas, multiplied by `by`; a growth of 62.5 is never reached."""

    def draw(objects: Objects) -> Outputs:
        deltas = noise(len(anchors), 4, spread=0.5)
        at = []
        for box in centred(objects.boxes):
            off = np.abs(np.log(box[2:] / anchors[:, 2:])).max(1)
            near = np.abs(box[:2] - anchors[:, :2]).max(1) / anchors[:, 2:].min(1)
            at.append(int((off + near).argmin()))
            anchor = anchors[at[-1]]
            moved = [*((box[:2] - anchor[:2]) / anchor[2:]), *np.log(box[2:] / anchor[2:])]
            deltas[at[-1]] = np.array(moved) / by
        return {"deltas": deltas, "logits": draw_scores(np.array(at), objects)}

    def decode(outputs: Outputs) -> Decoded:
        dx, dy, dw, dh = (outputs["deltas"].astype(np.float64) * by).T
        cx, cy, w, h = anchors.T
        boxes = np.stack([cx + dx * w, cy + dy * h, w * np.exp(dw), h * np.exp(dh)], -1)
        return cornered(boxes), scores(outputs["logits"])

    return Family(draw, decode)


def one_of(n: int, classes: int, at: np.ndarray, objects: Objects, first: int) -> np.ndarray:
    """Logits of a softmax: all but the objects are of the class that is none, first or last."""
    found = noise(n, classes, mean=-3)
    none = 0 if first else classes - 1
    found[:, none] = 9
    share = objects.scores.astype(np.float64)
    found[at] = -30
    found[at, none] = np.log(1 - share)
    found[at, first + objects.classes] = np.log(share)
    return found


def each(n: int, classes: int, at: np.ndarray, objects: Objects) -> np.ndarray:
    """Logits of a sigmoid."""
    found = noise(n, classes, mean=-7)
    found[at, objects.classes] = logit(objects.scores)
    return found


# CenterNet (Zhou et al., Objects as Points, 2019)


def centernet() -> Family:
    def draw(objects: Objects) -> Outputs:
        heat, sizes = noise(80, 128, 128, mean=-7), noise(2, 128, 128, mean=9)
        offsets = np.abs(noise(2, 128, 128, spread=0.2))
        for box, label, score in zip(
            centred(objects.boxes) / 4, objects.classes, objects.scores, strict=True
        ):
            column, row = box[:2].astype(int)
            heat[label, row - 1 : row + 2, column - 1 : column + 2] = logit(score * 0.9)
            heat[label, row, column] = logit(score)
            sizes[:, row, column] = box[2:]
            offsets[:, row, column] = box[:2] - (column, row)
        return {"heat": heat, "sizes": sizes, "offsets": offsets}

    def decode(outputs: Outputs) -> Decoded:
        heat = sigmoid(outputs["heat"])
        wide = np.pad(heat, ((0, 0), (1, 1), (1, 1)))
        around = [wide[:, y : y + 128, x : x + 128] for y in range(3) for x in range(3)]
        heat = np.where(heat == np.max(around, 0), heat, 0)
        rows, columns = np.mgrid[:128, :128]
        centre = np.stack([columns, rows]) + outputs["offsets"]
        boxes = np.concatenate([centre, outputs["sizes"]]).reshape(4, -1).T * 4
        return cornered(boxes), heat.reshape(80, -1).T

    return Family(draw, decode)


# DETR (Carion et al., 2020) and what came of it: queries; end-to-end rows


def queries(n: int, scale: tuple[float, float], classes: int, none: bool) -> Family:
    """Centres and sizes in 0..1 of `scale` (width, height); a last class may be none of them."""
    whole = np.array([*scale, *scale])

    def draw(objects: Objects) -> Outputs:
        at = np.arange(len(objects.boxes)) * 7 % n
        boxes = np.abs(noise(n, 4, mean=0.4, spread=0.1))
        boxes[at] = centred(objects.boxes) / whole
        made = one_of(n, classes, at, objects, 0) if none else each(n, classes, at, objects)
        return {"logits": made, "boxes": boxes}

    def decode(outputs: Outputs) -> Decoded:
        logits = outputs["logits"]
        scores = softmax(logits, 1)[:, :-1] if none else sigmoid(logits)
        return cornered(outputs["boxes"]) * whole, scores

    return Family(draw, decode)


def ready(n: int) -> Family:
    """Boxes with one score and one class each: rows of six, or three outputs."""

    def draw(objects: Objects) -> Outputs:
        raw = np.zeros((n, 6), np.float32)
        raw[:, :4], raw[:, 4] = noise(n, 4, mean=100), 0.1
        raw[: len(objects.boxes)] = np.column_stack(
            [objects.boxes, objects.scores, objects.classes]
        )
        if n == 300:
            return {"raw": raw}
        ids = raw[:, 5].astype(np.int64)
        return {"boxes": raw[:, :4].copy(), "classes": ids, "scores": raw[:, 4].copy()}

    def decode(outputs: Outputs) -> Decoded:
        if "raw" in outputs:
            raw = outputs["raw"]
            outputs = {"boxes": raw[:, :4], "scores": raw[:, 4], "classes": raw[:, 5].astype(int)}
        scores = np.where(
            np.arange(91) == outputs["classes"][:, None], outputs["scores"][:, None], 0
        )
        return outputs["boxes"], scores

    return Family(draw, decode)


V3 = ((116, 90, 156, 198, 373, 326), (30, 61, 62, 45, 59, 119), (10, 13, 16, 30, 33, 23))
V7 = (
    (12, 16, 19, 36, 40, 28),
    (36, 75, 76, 55, 72, 146),
    (142, 110, 192, 243, 459, 401),
)
FINE_FIRST = ("fine", "middle", "coarse")


def levels(
    names: tuple[str, ...],
    grids: tuple[int, ...],
    scales: tuple[float, ...],
    anchors: tuple[tuple[float, ...], ...],
) -> dict[str, tuple[int, float, tuple[float, ...]]]:
    return dict(zip(names, zip(grids, scales, anchors, strict=True), strict=True))


FAMILIES = {
    "yolov3": anchored_yolo(
        levels(FINE_FIRST[::-1], (13, 26, 52), (1, 1, 1), V3), 416, squared=False, last=False
    ),
    "yolov4": anchored_yolo(
        levels(FINE_FIRST, (52, 26, 13), (1.2, 1.1, 1.05), V7), 416, squared=False, last=False
    ),
    "yolov5_raw": anchored_yolo(
        levels(FINE_FIRST, (80, 40, 20), (2, 2, 2), V3[::-1]), 640, squared=True, last=True
    ),
    "yolov7": anchored_yolo(
        levels(FINE_FIRST, (80, 40, 20), (2, 2, 2), V7), 640, squared=True, last=False
    ),
    "yolov5": rows_of_pixels(objectness=True),
    "yolov8": rows_of_pixels(objectness=False),
    "yolox": yolox(),
    "yolov8_dfl": yolov8_dfl(),
    "yolov10": ready(300),
    "detr": queries(100, (960, 480), 92, none=True),
    "rt_detr": queries(300, (640, 640), 80, none=False),
    "deformable_detr": queries(300, (960, 480), 91, none=False),
    "owlv2": queries(3600, (960, 960), 3, none=False),
    "ssd300": moved_anchors(
        ssd_priors(),
        (0.1, 0.1, 0.2, 0.2),
        lambda at, objects: one_of(8732, 21, at, objects, 1),
        lambda logits: softmax(logits, 1)[:, 1:],
    ),
    "retinanet": moved_anchors(
        retina_anchors(),
        (1, 1, 1, 1),
        lambda at, objects: each(24552, 91, at, objects),
        sigmoid,
    ),
    "fcos": fcos(),
    "centernet": centernet(),
    "nanodet": nanodet(),
    "faster_rcnn": ready(40),
}
