"""Keep the best boxes and drop those that overlap them.

`found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=300)` takes the boxes whose score
is strictly above `score`, best first, and drops each whose overlap (intersection over union) with a
kept one is strictly above `iou`; it gives at most `limit` boxes with their scores and classes.

- Scores are [anchor, class], or [anchor] where there is one class: its id is 0. Probabilities are
  scores: what `sigmoid` and `softmax` give. Of no boxes it finds none.
- Without `score` every box takes part; a score of NaN or -infinity is none.
- Equal scores keep the order of the boxes. The sides of a box have no "+ 1".
- `per=class` compares boxes of the same class only (without the trick of shifting each class
  away, which changes results); `per=all` compares every box with every other.
- `labels=best` gives a box its best class; `labels=every` makes a candidate of each class whose
  score is above the bound. Where the model gives one score a box and the class beside it,
  `nms(boxes, scores, ids, ...)` takes the ids of the classes, i64[anchor].
- `candidates=1000` lets the best 1000 above `score` take part, `limit_per_class=100` keeps at most
  100 boxes of a class, before `limit` is counted; such a one no longer drops others.
- `indices=true` gives which of all boxes each one is, `found.indices`, so that what else the model
  says of them can follow: key points, coefficients of masks.
- IoU is float32: `inter / (area + area - inter)`, compared with `iou` in float64. A NaN never drops
  a box. No threshold has a default, because libraries do not agree on one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import AXIS
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
    record,
)
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.numerics import bound_in_f32
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class Nms(Op):
    inputs: ClassVar[tuple[str, ...]] = ("boxes", "scores")
    variadic: ClassVar[bool] = True
    finds: ClassVar[bool] = True

    score: float | Fraction | None = arg(real(0, 1, 0.25), default=None)
    iou: float | Fraction = arg(real(0, 1, 0.45))
    per: Word = arg(words("class", "all"))
    limit: int = arg(whole(1, 100_000, 300))
    labels: Word = arg(words("best", "every"), default=Word("best"))
    candidates: int | None = arg(whole(1, AXIS, 1000), default=None)
    limit_per_class: int | None = arg(whole(1, 100_000, 100), default=None)
    indices: Word = arg(words("false", "true"), default=Word("false"))

    def infer(self, boxes: Type, scores: Type, *ids: Type) -> Record:
        if isinstance(boxes, Array) and boxes.kind == "boxes" and not boxes.says:
            boxes = boxes.with_(says=CORNERS)  # to compare corners is to say that they are some
        boxes = expect_boxes(boxes, self.name)
        scores, classes = expect_classes(boxes, scores, ids, self.name)
        if self.limit_per_class is not None and self.per == "all":
            raise Problem(
                "E214",
                "a limit of each class where all are compared with each other",
                found=f"limit_per_class={self.limit_per_class} with per=all",
                wanted="`per=class`, or `limit` alone",
                help="without `limit_per_class` the best `limit` boxes are kept, whatever they are",
                at="limit_per_class",
            )
        return detections(boxes, scores, classes, self.limit, self._tells_indices)

    @property
    def _tells_indices(self) -> bool:
        return self.indices == "true"

    def attributes(self, boxes: Array, scores: Array, *ids: Array) -> Mapping[str, Attribute]:
        return {
            "score": None if self.score is None else bound_in_f32(float(self.score)),
            "iou": bound_in_f32(float(self.iou)),
            "per_class": self.per == "class" and not self._compares_all(scores, ids),
            "limit": self.limit,
            "every_label": self.labels == "every",
            "candidates": self.candidates,
            "limit_per_class": self.limit_per_class,
            "one_class": len(scores.axes) == 1,
            "given_ids": bool(ids),
            "indices": self._tells_indices,
        }

    def _compares_all(self, scores: Array, ids: tuple[Array, ...]) -> bool:
        """Whether there is one class, so that its boxes are all."""
        one = len(scores.axes) == 1 or scores.shape[1] == 1
        return one and not ids and self.limit_per_class is None

    def doubts(self, boxes: Array, scores: Array, *ids: Array) -> Iterable[Problem]:
        return doubts_of_score(self.score, scores)

    def least_sizes(self, boxes: Array, scores: Array, *ids: Array) -> Mapping[str, int]:
        return {axis.name: 1 for axis in scores.axes[1:]}

    def work(self, types: tuple[Array, ...], *shapes: tuple[int, ...]) -> int:
        every = self.labels == "every"
        return 20 * pairs_met(shapes[1], every, self.candidates, self.limit)

    def reference(
        self, types: tuple[Array, ...], boxes: np.ndarray, scores: np.ndarray, *ids: np.ndarray
    ) -> dict[str, np.ndarray]:
        scores = by_class(scores, boxes)
        score = None if self.score is None else float(self.score)
        rows, columns = best_first(scores, score, self.labels == "every")
        rows, columns = rows[: self.candidates], columns[: self.candidates]
        classes = ids[0][rows] if ids else columns
        kept: list[int] = []
        left = np.arange(len(rows))
        while len(left) and len(kept) < self.limit:
            best, left = left[0], left[1:]
            kept.append(best)
            dropped = iou_of(boxes[rows[best]], boxes[rows[left]]) > float(self.iou)
            alike = classes[left] == classes[best]
            if self.per == "class":
                dropped &= alike
            if np.sum(classes[kept] == classes[best]) == self.limit_per_class:
                dropped |= alike
            left = left[~dropped]
        return record(boxes, scores, ids, rows[kept], columns[kept], self._tells_indices)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        decoded = "b, s = decode_yolo(x, classes=3, box=xywh)\n"
        heads = {"x": "f32[feature=7, anchor=60]"}
        boxes = {"b": "f32[anchor=60, box=4] boxes(xyxy, pixels)"}
        rule = "iou=0.45, per=class, limit=40"
        return (
            *(
                _case(heads, f"{decoded}found = nms(b, s, {rule})")
                for rule in (
                    f"{score}iou={iou}, per={per}, limit={limit}{labels}"
                    for per in ("class", "all")
                    for labels in ("", ", labels=every")
                    for score, iou, limit in (
                        ("score=0.25, ", 0.45, 300),
                        ("score=0.5, ", 1 / 3, 7),
                        ("score=0.99, ", 0, 3),
                        ("score=0, ", 1, 300),
                        ("", 0.45, 300),
                    )
                )
            ),
            *(
                _case(heads, f"{decoded}found = nms(b, s, score=0.1, {rule}, {more})")
                for more in (
                    "candidates=20",
                    "limit_per_class=2",
                    "indices=true",
                    "labels=every, candidates=30, limit_per_class=4, indices=true",
                )
            ),
            *(
                _case(
                    {**boxes, "x": "f32[anchor=60] scores", "i": "i64[anchor=60] ids"},
                    f"found = nms(b, x, i, score=0.1, iou=0.3, limit=40, {rule})",
                )
                for rule in (
                    "per=class",
                    "per=all, indices=true",
                    "per=class, limit_per_class=3, candidates=50, indices=true",
                )
            ),
            *(
                _case({**boxes, "x": f"f32[anchor=60{axes}] {kind}"}, post)
                for axes, kind, post in (
                    (", class=3", "logits", f"s = sigmoid(x)\nfound = nms(b, s, {rule})"),
                    (
                        ", class=3",
                        "logits",
                        f"s = softmax(x, over=class)\nfound = nms(b, s, {rule})",
                    ),
                    ("", "scores", f"found = nms(b, x, {rule})"),
                    ("", "scores", f"found = nms(b, x, score=0.5, {rule}, labels=every)"),
                    ("", "logits", f"s = sigmoid(x)\nfound = nms(b, s, score=0.5, {rule})"),
                )
            ),
        )


def _case(outputs: dict[str, str], post: str) -> Case:
    def values() -> dict[str, np.ndarray]:
        heads = _heads()
        if "b" not in outputs:
            return {"x": heads}
        one = "class" not in outputs["x"]
        found = {"b": heads[:4].T.copy(), "x": heads[4].copy() if one else heads[4:].T.copy()}
        ids = {"i": np.array([7, -3, 2**40])[np.arange(60) % 5 % 3]}
        return found | (ids if "i" in outputs else {})

    return Case(
        pre="letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
        post=f"{post}\nfound = back_to(found, image)",
        outputs=outputs,
        values=values,
    )


def iou_of(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The intersection over union of a box with each of the others: float32, seen as float64."""
    x1, y1, x2, y2 = others.T
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        w = np.minimum(box[2], x2) - np.maximum(box[0], x1)
        h = np.minimum(box[3], y2) - np.maximum(box[1], y1)
        inter = np.maximum(np.float32(0), w) * np.maximum(np.float32(0), h)
        area = (box[2] - box[0]) * (box[3] - box[1])
        iou = inter / ((area + (x2 - x1) * (y2 - y1)) - inter)
    return iou.astype(np.float64)


def _heads() -> np.ndarray:
    """Boxes on a coarse grid, so that many coincide; scores with ties and a NaN."""
    rng = np.random.default_rng(7)
    boxes = rng.integers(0, 24, (4, 60)).astype(np.float32)
    scores = (rng.integers(0, 20, (3, 60)) / np.float32(20)).astype(np.float32)
    scores[1, 5] = np.nan
    return np.concatenate([boxes, scores])
