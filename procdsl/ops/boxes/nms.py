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
  score is above the bound.
- IoU is float32: `inter / (area + area - inter)`, compared with `iou` in float64. A NaN never drops
  a box. No threshold has a default, because libraries do not agree on one.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import CORNERS, boxes_of, expect_scores
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class Nms(Op):
    inputs: ClassVar[tuple[str, ...]] = ("boxes", "scores")
    finds: ClassVar[bool] = True

    score: float | Fraction | None = arg(real(0, 1, 0.25), default=None)
    iou: float | Fraction = arg(real(0, 1, 0.45))
    per: Word = arg(words("class", "all"))
    limit: int = arg(whole(1, 100_000, 300))
    labels: Word = arg(words("best", "every"), default=Word("best"))

    def infer(self, boxes: Type, scores: Type) -> Record:
        boxes = _expect_boxes(boxes)
        scores = expect_scores(scores, self.name, boxes.axes[:1])
        classes = scores.axes[1] if len(scores.axes) == 2 else Axis.of("class", 1)
        found = Axis("found", 0, self.limit)
        return Record(
            "Detections",
            (
                ("boxes", boxes.with_(axes=(found, Axis.of("box", 4)))),
                ("scores", scores.with_(axes=(found,))),
                ("classes", Array("i64", (found,), kind="ids", range=classes.indices)),
            ),
            "What was found: boxes (x1, y1, x2, y2), their scores and class ids.",
        )

    def attributes(self, boxes: Array, scores: Array) -> Mapping[str, Attribute]:
        return {
            "score": None if self.score is None else float(self.score),
            "iou": float(self.iou),
            "per_class": self.per == "class",
            "limit": self.limit,
            "every_label": self.labels == "every",
            "one_class": len(scores.axes) == 1,
        }

    def least_sizes(self, boxes: Array, scores: Array) -> Mapping[str, int]:
        return {axis.name: 1 for axis in scores.axes[1:]}

    def reference(
        self, types: tuple[Array, Array], boxes: np.ndarray, scores: np.ndarray
    ) -> dict[str, np.ndarray]:
        scores = scores.reshape(len(boxes), -1) if len(boxes) else np.zeros((0, 1), np.float32)
        usable = np.where(np.isnan(scores), -np.inf, scores)
        allowed = usable > np.float64(-np.inf if self.score is None else self.score)
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
        return {"b": heads[:4].T.copy(), "x": heads[4].copy() if one else heads[4:].T.copy()}

    return Case(
        pre="letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
        post=f"{post}\nfound = back_to(found, image)",
        outputs=outputs,
        values=values,
    )


def _expect_boxes(boxes: Type) -> Array:
    """Boxes of one picture, or a `Problem`."""
    if isinstance(boxes, Array) and boxes.kind == "boxes" and not boxes.says:
        boxes = boxes.with_(says=CORNERS)  # to compare corners is to say that they are some
    boxes = boxes_of(boxes, "nms")
    if len(boxes.axes) == 2:
        return boxes
    help = "give it boxes and scores, in this order, as `decode_yolo` does"
    if boxes.names[:1] == ("tile",):
        image = boxes.space.root.name if boxes.space else "image"
        help = (
            f"bring those of all tiles to one picture before: `boxes, scores = untile_boxes(boxes, "
            f"scores, {image})`; so an object in the overlap of two tiles is found once"
        )
    raise Problem(
        "E319",
        "`nms` does not get the boxes of one picture",
        found=boxes.described(),
        wanted="boxes, f32[anchor, box=4]: what `decode_yolo` gives",
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
