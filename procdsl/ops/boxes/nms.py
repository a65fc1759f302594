"""Keep the best boxes and drop those that overlap them.

`found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=300)` takes the boxes whose score
is strictly above `score`, best first, and drops each whose overlap (intersection over union) with a
kept one is strictly above `iou`; it gives at most `limit` boxes with their scores and classes.

- Equal scores keep the order of the boxes. The sides of a box have no "+ 1".
- `per=class` compares boxes of the same class only (without the trick of shifting each class
  away, which changes results); `per=all` compares every box with every other.
- `labels=best` gives a box its best class; `labels=every` makes a candidate of each class whose
  score is above the bound.
- IoU is float32: `inter / (area + area - inter)`, compared with `iou` in float64. A NaN never drops
  a box. None of the thresholds has a default, because libraries do not agree on one.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.constants import Word
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class Nms(Op):
    inputs: ClassVar[tuple[str, ...]] = ("boxes", "scores")

    score: float | Fraction = arg(real(0, 1, 0.25))
    iou: float | Fraction = arg(real(0, 1, 0.45))
    per: Word = arg(words("class", "all"))
    limit: int = arg(whole(1, 100_000, 300))
    labels: Word = arg(words("best", "every"), default=Word("best"))

    def infer(self, boxes: Type, scores: Type) -> Record:
        boxes = _want(boxes, "boxes", ("box",))
        scores = _want(scores, "scores", ("class",))
        if boxes.axes[:1] != scores.axes[:1]:
            raise Problem(
                "E319",
                "`nms` does not get one row of scores for each box",
                found=f"{boxes} and {scores}",
                wanted="boxes [anchor, box=4] and scores [anchor, class]",
                help="give it boxes and scores of the same anchors, as one `decode_yolo` gives "
                "them",
            )
        classes = scores.axes[1]
        found = Axis("found", 0, self.limit)
        last = Range(0, classes.size - 1) if classes.size else None
        return Record(
            "Detections",
            (
                ("boxes", boxes.with_(axes=(found, Axis.of("box", 4)))),
                ("scores", scores.with_(axes=(found,))),
                ("classes", Array("i64", (found,), kind="ids", range=last)),
            ),
            "What was found: boxes (x1, y1, x2, y2), their scores and class ids.",
        )

    def attributes(self, boxes: Array, scores: Array) -> Mapping[str, Attribute]:
        return {
            "score": float(self.score),
            "iou": float(self.iou),
            "per_class": self.per == "class",
            "limit": self.limit,
            "every_label": self.labels == "every",
        }

    def reference(
        self, types: tuple[Array, Array], boxes: np.ndarray, scores: np.ndarray
    ) -> dict[str, np.ndarray]:
        usable = np.where(np.isnan(scores), -np.inf, scores)
        allowed = usable > np.float64(self.score)
        if self.labels == "best":
            allowed &= np.arange(scores.shape[1]) == usable.argmax(axis=1)[:, None]
        rows, classes = np.nonzero(allowed)
        order = np.argsort(-usable[rows, classes], kind="stable")
        rows, classes = rows[order], classes[order]
        kept: list[int] = []
        left = np.arange(len(rows))
        while len(left) and len(kept) < self.limit:
            best, left = left[0], left[1:]
            kept.append(best)
            dropped = _iou(boxes[rows[best]], boxes[rows[left]]) > float(self.iou)
            if self.per == "class":
                dropped &= classes[left] == classes[best]
            left = left[~dropped]
        rows, classes = rows[kept], classes[kept]
        return {"boxes": boxes[rows], "scores": scores[rows, classes], "classes": classes}

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(
                    pre="letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                    post="b, s = decode_yolo(x, classes=3, box=xywh)\n"
                    f"found = nms(b, s, score={score}, iou={iou}, per={per}, limit={limit}"
                    f"{labels})\n"
                    "found = back_to(found, image)",
                    outputs={"x": "f32[feature=7, anchor=60]"},
                    values=lambda: {"x": _heads()},
                )
                for per in ("class", "all")
                for labels in ("", ", labels=every")
                for score, iou, limit in (
                    (0.25, 0.45, 300),
                    (0.5, 1 / 3, 7),
                    (0.99, 0, 3),
                    (0, 1, 300),
                )
            ),
        )


def _want(x: Type, kind: str, last: tuple[str, ...]) -> Array:
    if isinstance(x, Array) and x.kind == kind and len(x.axes) == 2 and x.dtype == "f32":
        return x
    help = "give it boxes and scores, in this order, as `decode_yolo` does"
    if isinstance(x, Array) and x.kind == kind and x.names[:1] == ("tile",):
        image = x.space.root.name if x.space else "image"
        help = (
            f"bring those of all tiles to one picture before: `boxes, scores = untile_boxes(boxes, "
            f"scores, {image})`; so an object in the overlap of two tiles is found once"
        )
    elif isinstance(x, Array) and x.kind is None and len(x.axes) == 2 and x.dtype == "f32":
        help = f"where it is declared, say what it is: `{x} {kind}`"
    raise Problem(
        "E319",
        f"`nms` does not get its {kind}",
        found=x.described(),
        wanted=f"{kind}, f32[anchor, {', '.join(last)}]: what `decode_yolo` gives",
        help=help,
    )


def _iou(box: np.ndarray, others: np.ndarray) -> np.ndarray:
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
