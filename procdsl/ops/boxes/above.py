"""Take the boxes whose score is above a bound, best first, and drop none for its overlap.

`found = above(boxes, scores, score=0.5, limit=100)` is what follows a model that gives each object
once: DETR, RT-DETR, an end-to-end YOLOv10. It gives at most `limit` boxes with their scores and
classes, as `nms` does, and takes what `nms` takes: scores [n, class], or [n] with the ids of the
classes or without, where there is one class.

- A score must be strictly above `score`; without it every box takes part. A score of NaN or
  -infinity is none. Equal scores keep the order of the boxes, then of the classes.
- `labels=best` gives a box its best class; `labels=every` gives it once for each class whose score
  is above the bound, which is the top over queries and classes of RT-DETR and Deformable DETR.
- `indices=true` gives which of all boxes each one is, `found.indices`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real, whole, words
from procdsl.opdef.bounds import doubts_of_score
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._found import (
    best_first,
    by_class,
    detections,
    expect_boxes,
    expect_classes,
    record,
)
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.numerics import bound_in_f32
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class Above(Op):
    inputs: ClassVar[tuple[str, ...]] = ("boxes", "scores")
    variadic: ClassVar[bool] = True
    finds: ClassVar[bool] = True

    score: float | Fraction | None = arg(real(0, 1, 0.5), default=None)
    limit: int = arg(whole(1, 100_000, 100))
    labels: Word = arg(words("best", "every"), default=Word("best"))
    indices: Word = arg(words("false", "true"), default=Word("false"))

    def infer(self, boxes: Type, scores: Type, *ids: Type) -> Record:
        boxes = expect_boxes(boxes, self.name)
        scores, classes = expect_classes(boxes, scores, ids, self.name)
        return detections(boxes, scores, classes, self.limit, self.indices == "true")

    def attributes(self, boxes: Array, scores: Array, *ids: Array) -> Mapping[str, Attribute]:
        return {
            "score": None if self.score is None else bound_in_f32(float(self.score)),
            "limit": self.limit,
            "every_label": self.labels == "every",
            "one_class": len(scores.axes) == 1,
            "given_ids": bool(ids),
            "indices": self.indices == "true",
        }

    def doubts(self, boxes: Array, scores: Array, *ids: Array) -> Iterable[Problem]:
        return doubts_of_score(self.score, scores)

    def least_sizes(self, boxes: Array, scores: Array, *ids: Array) -> Mapping[str, int]:
        return {axis.name: 1 for axis in scores.axes[1:]}

    def reference(
        self, types: tuple[Array, ...], boxes: np.ndarray, scores: np.ndarray, *ids: np.ndarray
    ) -> dict[str, np.ndarray]:
        scores = by_class(scores, boxes)
        score = None if self.score is None else float(self.score)
        rows, columns = best_first(scores, score, self.labels == "every")
        rows, columns = rows[: self.limit], columns[: self.limit]
        return record(boxes, scores, ids, rows, columns, self.indices == "true")

    @staticmethod
    def cases() -> tuple[Case, ...]:
        boxes = "f32[query=40, box=4] boxes(xyxy, pixels)"

        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(3)
            scores = (rng.integers(0, 12, (40, 3)) / np.float32(12)).astype(np.float32)
            scores[4, 1] = np.nan
            return {
                "b": rng.normal(20, 9, (40, 4)).astype(np.float32),
                "s": scores,
                "t": scores[:, 1].copy(),
                "i": np.arange(40) % 7 - 2,
            }

        return tuple(
            Case(
                pre="letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                post=f"found = above(b, {taken}, {rule})\nfound = back_to(found, image)",
                outputs={"b": boxes, **outputs},
                values=values,
            )
            for taken, outputs in (
                ("s", {"s": "f32[query=40, class=3] scores"}),
                ("t", {"t": "f32[query=40] scores"}),
                ("t, i", {"t": "f32[query=40] scores", "i": "i64[query=40] ids"}),
            )
            for rule in (
                "score=0.5, limit=100",
                "score=1/3, limit=7, indices=true",
                "limit=9, labels=every",
                "score=0.25, limit=200, labels=every, indices=true",
                "score=1, limit=5",
            )
        )
