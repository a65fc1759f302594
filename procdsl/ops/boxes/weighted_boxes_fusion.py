"""Make one box of all that overlap: the mean of them, weighted by their scores.

`found = weighted_boxes_fusion(boxes, scores, score=0.1, iou=0.55, models=2, candidates=1000,
limit=300)` is for boxes of several models, or of several views of a picture, one behind the other
(`concat(a, b, along=anchor)`); `models` is how many (Solovyev et al., Weighted boxes fusion, 2021).
It takes scores and ids of classes as `nms` does, and gives boxes, scores and classes.

The best `candidates` whose score is strictly above `score` are gone through, best first. Each joins
the fused box of its class with which its overlap is the largest and strictly above `iou`, of equal
ones the first, or else is the first of a new one. A fused box is the mean of its boxes, weighted by
their scores. Its score is their mean, times `min(n, models) / models` where it has n boxes: what
one model alone has seen counts for less. The fused boxes come best first, ties as they were begun.

Overlaps are those of `nms`, in float32. Sums and means are float64 and rounded to float32 once. A
box with NaN joins none. `labels` is as in `nms`; it takes `candidates` rounds, each over all fused
boxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real, whole, words
from procdsl.opdef.bounds import doubts_of_score
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.ops.boxes._found import (
    best_first,
    by_class,
    detections,
    expect_boxes,
    expect_classes,
    pairs_met,
)
from procdsl.ops.boxes.nms import iou_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Number, Word
from procdsl.types.numerics import bound_in_f32
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class WeightedBoxesFusion(Op):
    inputs: ClassVar[tuple[str, ...]] = ("boxes", "scores")
    variadic: ClassVar[bool] = True
    finds: ClassVar[bool] = True

    score: Number = arg(real(0, 1, 0.1))
    iou: Number = arg(real(0, 1, 0.55))
    models: int = arg(whole(1, 1000, 2))
    candidates: int = arg(whole(1, 100_000, 1000))
    limit: int = arg(whole(1, 100_000, 300))
    labels: Word = arg(words("best", "every"), default=Word("best"))

    def infer(self, boxes: Type, scores: Type, *ids: Type) -> Record:
        if isinstance(boxes, Array) and boxes.kind == "boxes" and not boxes.says:
            boxes = boxes.with_(says=CORNERS)
        boxes = expect_boxes(boxes, self.name)
        scores, classes = expect_classes(boxes, scores, ids, self.name)
        return detections(boxes, scores, classes, self.limit, False)

    def doubts(self, boxes: Array, scores: Array, *ids: Array) -> Iterable[Problem]:
        return doubts_of_score(self.score, scores)

    def attributes(self, boxes: Array, scores: Array, *ids: Array) -> Mapping[str, Attribute]:
        return {
            "score": bound_in_f32(float(self.score)),
            "iou": float(self.iou),
            "models": self.models,
            "candidates": self.candidates,
            "limit": self.limit,
            "every_label": self.labels == "every",
            "one_class": len(scores.axes) == 1,
            "given_ids": bool(ids),
        }

    def least_sizes(self, boxes: Array, scores: Array, *ids: Array) -> Mapping[str, int]:
        return {axis.name: 1 for axis in scores.axes[1:]}

    def work(self, types: tuple[Array, ...], *shapes: tuple[int, ...]) -> int:
        every = self.labels == "every"
        return 80 * pairs_met(shapes[1], every, self.candidates, self.candidates)

    def reference(
        self, types: tuple[Array, ...], boxes: np.ndarray, scores: np.ndarray, *ids: np.ndarray
    ) -> dict[str, np.ndarray]:
        scores = by_class(scores, boxes)
        rows, columns = best_first(scores, float(self.score), self.labels == "every")
        rows, columns = rows[: self.candidates], columns[: self.candidates]
        classes = ids[0][rows] if ids else columns
        clusters: list[list[int]] = []
        fused = np.zeros((0, 4), np.float32)
        values = scores[rows, columns].astype(np.float64)
        for i, row in enumerate(rows):
            alike = np.array([classes[of[0]] == classes[i] for of in clusters], bool)
            shares = np.where(alike, iou_of(boxes[row], fused), 0)
            joins = shares > float(self.iou)
            if joins.any():
                at = int(np.where(joins, shares, -1).argmax())
                clusters[at].append(i)
            else:
                at = len(clusters)
                clusters.append([i])
                fused = np.concatenate([fused, boxes[row][None]])
            fused[at] = self._mean(boxes[rows], values, clusters[at])
        share = [min(len(of), self.models) / self.models for of in clusters]
        found = np.array([values[of].sum() / len(of) for of in clusters], np.float64) * share
        weighed = found.astype(np.float32)
        order = np.argsort(-weighed, kind="stable")[: self.limit]
        first = np.array([of[0] for of in clusters], np.int64)[order]
        return {"boxes": fused[order], "scores": weighed[order], "classes": classes[first]}

    @staticmethod
    def _mean(boxes: np.ndarray, values: np.ndarray, of: list[int]) -> np.ndarray:
        """The mean of some boxes weighted by their scores, added in their order."""
        total, weight = np.zeros(4), 0.0
        for i in of:
            total = total + values[i] * boxes[i].astype(np.float64)
            weight = weight + values[i]
        return np.asarray(total / weight).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        pre = "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)"
        boxes = "f32[anchor=40, box=4] boxes(xyxy, pixels)"
        return (
            *(
                Case(
                    pre,
                    f"found = weighted_boxes_fusion(b, s, score=0.1, {rule})\n"
                    "found = back_to(found, image)",
                    outputs={"b": boxes, "s": "f32[anchor=40, class=3] scores"},
                    values=_values,
                )
                for rule in (
                    "iou=0.4, models=2, candidates=100, limit=40",
                    "iou=0, models=3, candidates=30, limit=7, labels=every",
                )
            ),
            Case(
                pre,
                "found = weighted_boxes_fusion(b, s, i, score=0, iou=0.3, models=1, "
                "candidates=40, limit=40)\nfound = back_to(found, image)",
                outputs={"b": boxes, "s": "f32[anchor=40] scores", "i": "i64[anchor=40] ids"},
                values=lambda: _values() | {"s": _values()["s"][:, 1].copy()},
            ),
        )


def _values() -> dict[str, np.ndarray]:
    """Boxes that overlap, some equal, some without area, and scores with ties and NaN."""
    rng = np.random.default_rng(7)
    corners = rng.integers(0, 20, (40, 2))
    boxes = np.concatenate([corners, corners + rng.integers(0, 40, (40, 2))], 1)
    scores = (rng.integers(0, 12, (40, 3)) / np.float32(12)).astype(np.float32)
    scores[4, 1] = np.nan
    boxes[5:8] = boxes[4]
    return {"b": boxes.astype(np.float32), "s": scores, "i": np.arange(40) % 3 - 2}
