"""Keep the best boxes, and lower the scores of those that overlap them instead of dropping them.

`found = soft_nms(boxes, scores, by=gaussian, sigma=0.5, score=0.001, per=class, limit=300)` takes
what `nms` takes, and gives what it gives, with the scores as they are in the end. The best box is
picked, the scores of the others are multiplied, and again (Bodla et al., Soft-NMS, 2017):

- `by=linear, iou=0.3`: by `1 - IoU` where the overlap is strictly above `iou`;
- `by=gaussian, sigma=0.5`: by `exp(-IoU ** 2 / sigma)`, of any overlap.

A box whose score falls to `score` or below is gone; without `score` none is. Equal scores keep the
order of the boxes. `per`, `labels`, `candidates` and `indices` are as in `nms`.

IoU and products are float32, with one rounding an operation; exp is computed in float64 and rounded
once. A NaN lowers no score. It takes at most `limit` rounds, each over all candidates.
"""

from __future__ import annotations

from collections.abc import Mapping

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.ops.boxes._found import detections, expect_boxes, expect_classes
from procdsl.ops.boxes._in_turn import InTurn
from procdsl.ops.boxes.nms import iou_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Number, Word
from procdsl.types.numerics import EXACT, ErrorBound
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class SoftNms(InTurn):
    by: Word = arg(words("linear", "gaussian"))
    iou: Number | None = arg(real(0, 1, 0.3), default=None)
    sigma: Number | None = arg(real(1e-3, 1e3, 0.5), default=None)

    def infer(self, boxes: Type, scores: Type, *ids: Type) -> Record:
        if isinstance(boxes, Array) and boxes.kind == "boxes" and not boxes.says:
            boxes = boxes.with_(says=CORNERS)
        boxes = expect_boxes(boxes, self.name)
        scores, classes = expect_classes(boxes, scores, ids, self.name)
        needed, other = ("iou", "sigma") if self.by == "linear" else ("sigma", "iou")
        missing = getattr(self, needed) is None
        if missing or getattr(self, other) is not None:
            raise Problem(
                "E209" if missing else "E214",
                f"`soft_nms` by={self.by} takes `{needed}`, and no `{other}`",
                found=f"no `{needed}`" if missing else f"`{other}`",
                wanted=f"`{needed}` alone",
                help=choices(
                    "say how scores are lowered",
                    "`by=linear, iou=0.3`: by the overlap, above a bound",
                    "`by=gaussian, sigma=0.5`: by a Gaussian of the overlap",
                ),
                at="by" if missing else other,
            )
        return detections(boxes, scores, classes, self.limit, self.indices == "true")

    def error_bound(self, boxes: Array, scores: Array, *ids: Array) -> ErrorBound | None:
        if self.by == "linear":
            return EXACT
        return ErrorBound(
            6e-7,
            "exp is not the same in every library; computed in float64 and rounded to float32 it "
            "differs by one unit in the last place at most, which a few products hand on",
        )

    @property
    def rule(self) -> Mapping[str, Attribute]:
        linear = self.by == "linear"
        return {
            "measure": str(self.by),
            "bound": float(self.iou or 0) if linear else 0.0,
            "sigma": 1.0 if linear else float(self.sigma or 0),
        }

    def shares_left(self, box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        share = iou_of(box, boxes).astype(np.float32)
        if self.by == "linear":
            hit = share.astype(np.float64) > float(self.iou or 0)
            return np.where(hit, np.float32(1) - share, np.float32(1))
        square = share.astype(np.float64) * share.astype(np.float64)
        left = np.exp(-square / float(self.sigma or 0)).astype(np.float32)
        return np.where(np.isnan(left), np.float32(1), left)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(
                    "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                    f"found = soft_nms(b, s, {rule}, limit=30)\nfound = back_to(found, image)",
                    outputs={
                        "b": "f32[anchor=40, box=4] boxes(xyxy, pixels)",
                        "s": "f32[anchor=40, class=3] scores",
                    },
                    values=_values,
                )
                for rule in (
                    "by=linear, iou=0.3, score=0.1, per=class",
                    "by=linear, iou=0, per=all, labels=every, indices=true",
                    "by=gaussian, sigma=0.5, score=0.05, per=class, labels=every",
                    "by=gaussian, sigma=0.1, per=all, candidates=20, indices=true",
                )
            ),
            Case(
                "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                "found = soft_nms(b, s, i, by=linear, iou=0.2, score=0.01, per=class, limit=9)\n"
                "found = back_to(found, image)",
                outputs={
                    "b": "f32[anchor=40, box=4] boxes(xyxy, pixels)",
                    "s": "f32[anchor=40] scores",
                    "i": "i64[anchor=40] ids",
                },
                values=lambda: _values() | {"s": _values()["s"][:, 1].copy()},
            ),
        )


def _values() -> dict[str, np.ndarray]:
    """Boxes that overlap, some equal, some without area, and scores with ties and NaN."""
    rng = np.random.default_rng(7)
    corners = rng.integers(0, 30, (40, 2))
    boxes = np.concatenate([corners, corners + rng.integers(0, 30, (40, 2))], 1)
    scores = (rng.integers(0, 12, (40, 3)) / np.float32(12)).astype(np.float32)
    scores[4, 1] = np.nan
    boxes[5:8] = boxes[4]
    return {"b": boxes.astype(np.float32), "s": scores, "i": np.arange(40) % 7 - 2}
