"""Keep the best rotated boxes and drop those that overlap them.

`found = nms_rotated(boxes, scores, score=0.25, iou=0.45, by=polygon, per=class, limit=300)` takes
the boxes of `decode_obb` whose score is strictly above `score`, best first, and drops each whose
overlap with a kept one is strictly above `iou`. `by` is how an overlap is measured:

- `polygon`: the area that both rectangles have, over the area that they have together. It is
  computed in float64 and rounded to float32 once; less than a billionth of the smaller area is
  none. A box with a side that is not above 0, with a number that is not finite, or turned by more
  than 100,000 radians overlaps nothing.
- `probiou`: one minus the Hellinger distance of the Gaussians that have the rectangles' spread
  (Murrugarra-Llerena et al., Gaussian Bounding Boxes and Probabilistic IoU, 2021), with which
  Ultralytics' models are evaluated. It is above 0 for boxes that do not touch.

It is greedy: what was dropped drops nothing. (Ultralytics lets what was dropped drop others, too.)
What it gives, and `score`, `per`, `labels`, `candidates` and `indices` are as in `nms`; the boxes
stay rotated ones, of which `polygons(found)` makes corners, and `back_to` brings these. It takes at
most `limit` rounds, each over all candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case
from procdsl.ops.boxes._found import detections, expect_classes
from procdsl.ops.boxes._in_turn import InTurn
from procdsl.ops.boxes._rotated import expect_rotated, polygon_shares, probiou_shares
from procdsl.records import dataclass
from procdsl.types.constants import Number, Word
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class NmsRotated(InTurn):
    of_a_pair: ClassVar[int] = 150

    iou: Number = arg(real(0, 1, 0.45))
    by: Word = arg(words("polygon", "probiou"))

    def infer(self, boxes: Type, scores: Type, *ids: Type) -> Record:
        boxes = expect_rotated(boxes, self.name)
        if len(boxes.axes) != 2:
            raise Problem(
                "E319",
                "`nms_rotated` does not get the boxes of one picture",
                found=boxes.described(),
                wanted="rotated boxes, f32[anchor, box=5]: what `decode_obb` gives",
                help="give it the boxes and scores of one picture, in this order",
            )
        scores, classes = expect_classes(boxes, scores, ids, self.name)
        return detections(boxes, scores, classes, self.limit, self.indices == "true")

    @property
    def rule(self) -> Mapping[str, Attribute]:
        return {"measure": str(self.by), "bound": float(self.iou), "sigma": 1.0}

    def shares_left(self, box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        shares = polygon_shares if self.by == "polygon" else probiou_shares
        hit = shares(box, boxes).astype(np.float64) > float(self.iou)
        return np.where(hit, np.float32(np.nan), np.float32(1))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(
                    "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                    f"found = nms_rotated(b, s, {rule}, limit=30)\n"
                    "found = polygons(found)\nfound = back_to(found, image)",
                    outputs={
                        "b": "f32[anchor=40, box=5] rotated_boxes(cxcywh, radians)",
                        "s": "f32[anchor=40, class=3] scores",
                    },
                    values=_values,
                )
                for rule in (
                    "by=polygon, iou=0.3, score=0.1, per=class",
                    "by=polygon, iou=0, per=all, labels=every, indices=true",
                    "by=probiou, iou=0.3, score=0.05, per=class, labels=every",
                    "by=probiou, iou=0.5, per=all, candidates=20, indices=true",
                )
            ),
            Case(
                "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                "found = nms_rotated(b, s, i, by=polygon, iou=0.2, score=0.01, per=class, limit=9)"
                "\nfound = polygons(found)\nfound = back_to(found, image)",
                outputs={
                    "b": "f32[anchor=40, box=5] rotated_boxes(cxcywh, radians)",
                    "s": "f32[anchor=40] scores",
                    "i": "i64[anchor=40] ids",
                },
                values=lambda: _values() | {"s": _values()["s"][:, 1].copy()},
            ),
        )


def _values() -> dict[str, np.ndarray]:
    """Boxes that overlap, some equal, some upright, some without area, and scores with ties."""
    rng = np.random.default_rng(7)
    boxes = np.concatenate(
        [rng.integers(10, 40, (40, 2)), rng.integers(0, 30, (40, 2)), rng.normal(0, 2, (40, 1))], 1
    )
    boxes[5:8] = boxes[4]
    boxes[8:20, 4] = 0
    scores = (rng.integers(0, 12, (40, 3)) / np.float32(12)).astype(np.float32)
    scores[4, 1] = np.nan
    return {"b": boxes.astype(np.float32), "s": scores, "i": np.arange(40) % 7 - 2}
