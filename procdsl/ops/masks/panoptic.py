"""Segments of a picture out of masks, scores and classes of queries, none of which overlap.

`segments, of_query = panoptic(masks, scores, ids, score=0.8, mask=0.5, overlap=0.8, none=133)` is
`post_process_panoptic_segmentation` of Hugging Face (DETR, MaskFormer, Mask2Former): masks
f32[query, h, w] are probabilities, scores f32[query] and ids i64[query] what `max` over the classes
gives.

1. A query takes part whose score is above `score`, and whose class is not `none`: no object.
2. A pixel falls to the query with the largest mask times score; of equal ones to the first; NaN
   never wins.
3. A query becomes a segment if it has a pixel, and has more than `overlap` of those in which mask
   times score is `mask` or more. Both bounds, and the share, are float32, as there.
4. Queries of one of the classes `fuse=(90, 91)`, which are no things that can be counted, become
   one segment for each class.

`segments` i64[h, w] has for each pixel the number of its segment, 1 and up in the order of the
queries, and 0 where there is none; `of_query` i64[query] that of each query, 0 for one that became
none. Where classes are fused, Hugging Face counts on from the number of the fused one, so that two
segments may share one; here each has its own. It has -1 for 0 where no query takes part at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, real, whole
from procdsl.opdef.bounds import doubts_of_score
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.masks._masks import expect_masks, expect_of_each
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.value import Type

_CLASSES = Many("ids of classes, in parentheses", (90, 91), whole(0, AXIS, 90))


@dataclass(frozen=True, kw_only=True)
class Panoptic(Op):
    inputs: ClassVar[tuple[str, ...]] = ("masks", "scores", "ids")
    outputs: ClassVar[int] = 2

    score: float | Fraction = arg(real(0, 1, 0.5))
    mask: float | Fraction = arg(real(0, 1, 0.5))
    overlap: float | Fraction = arg(real(0, 1, 0.8))
    none: int | None = arg(whole(0, AXIS, 133), default=None)
    fuse: tuple[int, ...] = arg(_CLASSES, default=())

    def infer(self, masks: Type, scores: Type, ids: Type) -> tuple[Array, Array]:
        masks = expect_masks(masks, self.name, "f32")
        expect_of_each(masks, scores, self.name, "f32", "scores")
        expect_of_each(masks, ids, self.name, "i64", "ids of classes")
        query = masks.axes[0]
        numbers = Range(0, query.high or AXIS)
        segments = Array("i64", masks.axes[1:], kind="ids", range=numbers, space=masks.space)
        return segments, Array("i64", (query,), kind="ids", range=numbers)

    def attributes(self, masks: Array, scores: Array, ids: Array) -> Mapping[str, Attribute]:
        return {
            "score": float(self.score),
            "mask": float(self.mask),
            "overlap": float(self.overlap),
            "none": self.none,
            "fuse": self.fuse,
        }

    def doubts(self, masks: Array, scores: Array, ids: Array) -> Iterable[Problem]:
        return doubts_of_score(self.score, scores)

    def least_sizes(self, masks: Array, scores: Array, ids: Array) -> Mapping[str, int]:
        return {masks.axes[0].name: 1}

    def reference(
        self, types: object, masks: np.ndarray, scores: np.ndarray, ids: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        takes_part = [
            q for q, s in enumerate(scores) if s > np.float32(self.score) and ids[q] != self.none
        ]
        weighed = {q: masks[q] * scores[q] for q in takes_part}
        best = np.full(masks.shape[1:], -np.inf, np.float32)
        winner = np.full(masks.shape[1:], -1)
        for q, x in weighed.items():
            better = x > best
            best, winner = np.where(better, x, best), np.where(better, q, winner)
        segments, of_query = np.zeros(winner.shape, np.int64), np.zeros(len(ids), np.int64)
        numbers: dict[int, int] = {}
        count = 0
        for q, x in weighed.items():
            own, all_ = np.sum(winner == q), np.sum(x >= np.float32(self.mask))
            if not own or not all_:
                continue
            if not float(np.float32(own) / np.float32(all_)) > float(self.overlap):
                continue
            fused = int(ids[q]) in self.fuse
            if not fused or int(ids[q]) not in numbers:
                count += 1
            of_query[q] = numbers.get(int(ids[q]), count) if fused else count
            if fused:
                numbers[int(ids[q])] = int(of_query[q])
            segments[winner == q] = of_query[q]
        return segments, of_query

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(8)
            masks = (rng.integers(0, 6, (9, 7, 8)) / np.float32(5)).astype(np.float32)
            masks[4, 2:], masks[5, :4], masks[0, 3:] = 0, 0, 0.1
            scores = np.array([0.9, 0.6, 0.6, 0.3, 1, 1, np.nan, 0.95, 0.9], np.float32)
            return {"m": masks, "s": scores, "i": np.array([3, 1, 1, 1, 2, 2, 0, 4, 2])}

        return tuple(
            Case(
                post=f"segments, of_query = panoptic(m, s, i, {rule})",
                outputs={
                    "m": "f32[query=9, h=7, w=8]",
                    "s": "f32[query=9]",
                    "i": "i64[query=9] ids",
                },
                values=values,
            )
            for rule in (
                "score=0.5, mask=0.5, overlap=0.5, none=4, fuse=(2, 1)",
                "score=0.25, mask=0.8, overlap=0",
                "score=0.6, mask=1, overlap=1/3, fuse=(2,)",
                "score=0, mask=0.4, overlap=0.99, none=1",
            )
        )
