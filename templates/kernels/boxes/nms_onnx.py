from procdsl.codegen.onnx.axes import (
    argmax,
    first_largest,
    gather,
    gather_along,
    largest,
    one,
    pad,
    reshape,
    squeeze,
    where_true,
)
from procdsl.codegen.onnx.control import for_each
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import bound_in_f32, is_nan, minimum, tensor, where

from .suppressed_onnx import suppressed


def nms(
    boxes: Tensor,
    scores: Tensor,
    ids: Tensor | None,
    score: float,
    iou: float | None,
    per_class: bool,
    limit: int,
    every_label: bool,
    candidates: int | None,
    limit_per_class: int | None,
) -> tuple[Tensor, ...]:
    """Greedy non-maximum suppression of boxes [n, anchor, 4] with scores [n, anchor, class].

    It gives the boxes that are kept, best first, their scores, their classes and their rows, with
    zeros behind in a room of `limit`, and how many there are. Without `iou` none is dropped.
    """
    score = bound_in_f32(score)
    usable = squeeze(largest((scores > score).cast("u8"), [-1]), -1)
    anchors, classes = scores.size(-2), scores.size(-1)
    all_boxes, all_scores = reshape(boxes, [-1, 4]), reshape(scores, [-1, classes])

    def found(sample: Tensor) -> tuple[Tensor, ...]:
        rows = squeeze(where_true(one(usable, sample, 0)), 0) + sample * anchors
        rows, labels, values = taking_part(rows, gather(all_scores, rows, 0), score, every_label)
        count = tensor(values.size(0))
        order = first_largest(
            values, count if candidates is None else minimum(count, candidates), 0
        )
        rows, labels, values = (gather(x, order, 0) for x in (rows, labels, values))
        if ids is not None:
            labels = gather(reshape(ids, [-1]), rows, 0)
        ordered = gather(all_boxes, rows, 0)
        if iou is not None:
            bound = bound_in_f32(iou)
            kept = suppressed(ordered, labels, bound, per_class, limit, limit_per_class)
            ordered, values, labels, rows = (
                gather(x, kept, 0) for x in (ordered, values, labels, rows)
            )
        room = limit - tensor(values.size(0))
        return (
            pad(ordered, [0, 0], [room, 0]),
            pad(values, [0], [room]),
            pad(labels, [0], [room]),
            pad(rows - sample * anchors, [0], [room]),
            squeeze(tensor(values.size(0)), 0),
        )

    return for_each(scores.size(0), found)


def taking_part(
    rows: Tensor, scores: Tensor, score: float, every_label: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Of boxes with a score above the bound the rows, classes and scores that take part."""
    if every_label:
        places = where_true(scores > score)
        of_rows, labels = one(places, 0, 0), one(places, 1, 0)
        at = of_rows * scores.size(1) + labels
        return gather(rows, of_rows, 0), labels, gather(reshape(scores, [-1]), at, 0)
    labels = argmax(where(is_nan(scores), float("-inf"), scores), 1)
    return rows, squeeze(labels, 1), squeeze(gather_along(scores, labels, 1), 1)
