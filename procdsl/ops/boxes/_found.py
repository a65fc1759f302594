"""What the ops share that find boxes: what they take, whom they choose from, and what they give."""

from __future__ import annotations

import math

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.ops.boxes._boxes import boxes_of, expect_scores
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import Record, Type


def expect_boxes(boxes: Type, op: str) -> Array:
    """Boxes of one picture, or a `Problem`."""
    boxes = boxes_of(boxes, op)
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
        f"`{op}` does not get the boxes of one picture",
        found=boxes.described(),
        wanted="boxes, f32[anchor, box=4]: what `decode_yolo` gives",
        help=help,
    )


def expect_classes(
    boxes: Array, scores: Type, ids: tuple[Type, ...], op: str
) -> tuple[Array, Array]:
    """The scores of boxes, and their classes: as given, or what the axis of the scores counts."""
    scores = expect_scores(scores, op, boxes.axes[:1])
    if not ids:
        classes = scores.axes[1] if len(scores.axes) == 2 else Axis.of("class", 1)
        return scores, Array("i64", boxes.axes[:1], kind="ids", range=classes.indices)
    given = ids[0]
    if len(ids) > 1 or len(scores.axes) > 1:
        raise Problem(
            "E216",
            f"`{op}` takes one score a box where it is given the ids of classes",
            found=", ".join(value.described() for value in (scores, *ids)),
            wanted="boxes [n, box=4], scores [n] and ids [n]; or boxes and scores [n, class]",
            help="leave out what is more: of scores [n, class] the axis says which class each is",
        )
    if not isinstance(given, Array) or given.kind != "ids" or given.dtype != "i64":
        plain = isinstance(given, Array) and given.dtype == "i64" and given.kind is None
        raise Problem(
            "E319",
            f"`{op}` does not get the ids of classes",
            found=given.described(),
            wanted=f"i64[{boxes.axes[0]}] ids, the class of each box",
            help=f"where it is declared, say what it is: `{given} ids`"
            if plain
            else "give it what `max` and `decode_rows` give for ids, or `cast(i64)` of them",
        )
    if given.axes != boxes.axes[:1]:
        raise Problem(
            "E319",
            f"`{op}` does not get one id for each box",
            found=f"{given}",
            wanted=f"ids [{boxes.axes[0]}]",
            help="give it boxes, scores and ids of the same boxes",
        )
    return scores, given


def detections(boxes: Array, scores: Array, ids: Array, limit: int, indices: bool) -> Record:
    """What is found: boxes, their scores and their classes; on request which of all they are."""
    found = Axis("found", 0, limit)
    fields = [
        ("boxes", boxes.with_(axes=(found, boxes.axes[1]))),
        ("scores", scores.with_(axes=(found,))),
        ("classes", ids.with_(axes=(found,))),
    ]
    form = "(cx, cy, w, h, angle)" if boxes.kind == "rotated_boxes" else "(x1, y1, x2, y2)"
    doc = f"What was found: boxes {form}, their scores and class ids."
    if indices:
        places = Array("i64", (found,), kind="ids", range=boxes.axes[0].indices)
        fields.append(("indices", places))
        doc = (
            f"What was found: boxes {form}, their scores and class ids, and which of all boxes "
            "they are."
        )
    return Record("Detections", tuple(fields), doc)


def best_first(
    scores: np.ndarray, score: float | None, every_label: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns of the scores [n, class] above a bound, best first; no NaN is."""
    usable = np.where(np.isnan(scores), -np.inf, scores)
    allowed = usable > np.float64(-np.inf if score is None else score)
    if not every_label:
        allowed &= np.arange(scores.shape[1]) == usable.argmax(axis=1)[:, None]
    rows, columns = np.nonzero(allowed)
    order = np.argsort(-usable[rows, columns], kind="stable")
    return rows[order], columns[order]


def pairs_met(
    scores: tuple[int, ...], every_label: bool, candidates: int | None, limit: int
) -> int:
    """How many pairs those that may be kept make at most with all that take part."""
    count = math.prod(scores) if every_label else scores[0]
    count = count if candidates is None else min(count, candidates)
    return count * min(count, limit)


def by_class(scores: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The scores of boxes as [n, class], with one class where they have no axis for it."""
    return scores.reshape(len(boxes), -1) if len(boxes) else np.zeros((0, 1), np.float32)


def record(
    boxes: np.ndarray,
    scores: np.ndarray,
    ids: tuple[np.ndarray, ...],
    rows: np.ndarray,
    columns: np.ndarray,
    indices: bool,
) -> dict[str, np.ndarray]:
    """The values of the record `detections`, of these rows and of the columns of their scores."""
    found = {
        "boxes": boxes[rows],
        "scores": scores[rows, columns],
        "classes": ids[0][rows] if ids else columns,
    }
    return {**found, "indices": rows} if indices else found
