"""Segments of a picture out of the masks of objects, and a label for each pixel that they leave.

`segments, of_object, of_class = panoptic_fpn(masks, scores, labels, classes=54, score=0.5,
overlap=0.5, area=4096)` is Detectron2's `combine_semantic_and_instance_outputs` (Panoptic FPN):
masks bool[n, h, w] and scores f32[n] of objects, labels i64[h, w] of a semantic segmentation, of
which 0 stands for all objects.

1. Objects whose score is `score` or more, best first, equal ones in their order: one becomes a
   segment if it has a pixel, and no more than `overlap` of its pixels are taken. It gets those that
   are not.
2. Each label from 1 to `classes - 1`, in its order, becomes a segment of the pixels that are left
   to it, if these are `area` or more, and at least one.

`segments` i64[h, w] has for each pixel the number of its segment, 1 and up, and 0 where there is
none; `of_object` i64[n] and `of_class` i64[class] those of each object and label, 0 for one that
became none. A score of NaN is none; a label outside of the classes becomes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import AXIS, SIDE
from procdsl.opdef.arguments import arg, real, whole
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.masks._masks import expect_masks, expect_of_each
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class PanopticFpn(Op):
    inputs: ClassVar[tuple[str, ...]] = ("masks", "scores", "labels")
    outputs: ClassVar[int] = 3

    classes: int = arg(whole(1, 100_000, 54))
    score: float | Fraction = arg(real(0, 1, 0.5))
    overlap: float | Fraction = arg(real(0, 1, 0.5))
    area: int = arg(whole(0, SIDE * SIDE, 4096))

    def infer(self, masks: Type, scores: Type, labels: Type) -> tuple[Array, Array, Array]:
        masks = expect_masks(masks, self.name, "bool")
        expect_of_each(masks, scores, self.name, "f32", "scores")
        fits = isinstance(labels, Array) and labels.dtype == "i64"
        if not isinstance(labels, Array) or not fits or labels.axes != masks.axes[1:]:
            raise Problem(
                "E319",
                "`panoptic_fpn` does not get a label for each pixel of its masks",
                found=f"{masks} and {labels.described()}",
                wanted=f"labels i64[{', '.join(map(str, masks.axes[1:]))}]",
                help="`argmax` of the scores of classes gives labels; `back_to` of masks and "
                "labels brings both to the picture, `cast(i64)` makes this dtype of another",
            )
        objects = masks.axes[0]
        numbers = Range(0, (objects.high or AXIS) + self.classes - 1)
        kinds = [labels.axes, (objects,), (Axis.of("class", self.classes),)]
        segments, *others = (Array("i64", axes, kind="ids", range=numbers) for axes in kinds)
        return segments.with_(space=masks.space), others[0], others[1]

    def attributes(self, masks: Array, scores: Array, labels: Array) -> Mapping[str, Attribute]:
        return {
            "classes": self.classes,
            "score": float(self.score),
            "overlap": float(self.overlap),
            "area": max(self.area, 1),
        }

    def reference(
        self, types: object, masks: np.ndarray, scores: np.ndarray, labels: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        segments, count = np.zeros(labels.shape, np.int64), 0
        of_object, of_class = np.zeros(len(scores), np.int64), np.zeros(self.classes, np.int64)
        sure = [i for i, s in enumerate(scores) if float(s) >= float(self.score)]
        for i in sorted(sure, key=lambda i: -scores[i]):
            area, shared = int(masks[i].sum()), int((masks[i] & (segments > 0)).sum())
            if area and shared / area <= float(self.overlap):
                count += 1
                of_object[i] = count
                segments[masks[i] & (segments == 0)] = count
        left = segments == 0
        for label in range(1, self.classes):
            own = left & (labels == label)
            if own.sum() >= max(self.area, 1):
                count += 1
                of_class[label] = count
                segments[own] = count
        return segments, of_object, of_class

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(11)
            rows, columns = np.mgrid[:9, :11]
            at = rng.uniform(0, 10, (7, 2, 1, 1))
            masks = np.maximum(abs(rows - at[:, 0]), abs(columns - at[:, 1])) < 2.6
            masks[2], masks[5] = False, masks[1]
            scores = np.array([0.6, 0.9, 0.8, 0.6, np.nan, 0.9, 0.3], np.float32)
            return {"m": masks, "s": scores, "i": rng.integers(-1, 6, (9, 11))}

        return tuple(
            Case(
                post=f"segments, of_object, of_class = panoptic_fpn(m, s, i, classes=5, {rule})",
                outputs={"m": "bool[n=7, h=9, w=11]", "s": "f32[n=7]", "i": "i64[h=9, w=11] ids"},
                values=values,
            )
            for rule in (
                "score=0.5, overlap=0.5, area=6",
                "score=0, overlap=1, area=0",
                "score=0.6, overlap=0, area=9",
            )
        )
