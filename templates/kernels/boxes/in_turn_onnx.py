from procdsl.codegen.onnx.axes import (
    arange,
    argmax,
    first_largest,
    gather,
    largest,
    one,
    pad,
    squeeze,
    where_true,
)
from procdsl.codegen.onnx.control import for_each, rounds
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import bound_in_f32, minimum, tensor, where

from .lowered_onnx import lowered
from .nms_onnx import taking_part


def in_turn(
    boxes: Tensor,
    scores: Tensor,
    ids: Tensor | None,
    score: float,
    measure: str,
    bound: float,
    sigma: float,
    per_class: bool,
    limit: int,
    every_label: bool,
    candidates: int | None,
) -> tuple[Tensor, ...]:
    """Boxes [n, anchor, k] that are picked by scores [n, anchor, class], best first.

    The best is picked, and lowers the scores of the others or drops them, until none is left. It
    gives boxes, scores, classes and rows with zeros behind in a room of `limit`, and how many there
    are.
    """
    score = bound_in_f32(score)
    usable = squeeze(largest((scores > score).cast("u8"), [-1]), -1)

    def found(sample: Tensor) -> tuple[Tensor, ...]:
        of_boxes, of_scores = one(boxes, sample, 0), one(scores, sample, 0)
        rows = squeeze(where_true(one(usable, sample, 0)), 0)
        rows, labels, values = taking_part(rows, gather(of_scores, rows, 0), score, every_label)
        if candidates is not None:
            count = minimum(tensor(values.size(0)), candidates)
            best = first_largest(values, count, 0)
            best = gather(best, first_largest(-best, tensor(best.size(0)), 0), 0)
            rows, labels, values = (gather(x, best, 0) for x in (rows, labels, values))
        if ids is not None:
            labels = gather(one(ids, sample, 0), rows, 0)
        like = gather(of_boxes, rows, 0)
        numbers = arange(values.size(0))

        def more(left: Tensor) -> Tensor:
            return tensor(where_true(left > float("-inf")).size(1)) > 0

        def pick(left: Tensor) -> tuple[list[Tensor], list[Tensor]]:
            place = argmax(left, 0)
            best = gather(left, place, 0)
            after = lowered(gather(like, place, 0), like, left, measure, bound, sigma)
            if per_class:
                alike = labels.equals(gather(labels, place, 0))
                after = where(alike, after.cast("f64"), left.cast("f64")).cast("f32")
            stays = (left > float("-inf")) & (after > score) & ~numbers.equals(place)
            return [where(stays, after, float("-inf"))], [squeeze(place, 0), squeeze(best, 0)]

        _, (picked, decayed) = rounds(limit, more, [values], pick)
        room = limit - tensor(picked.size(0))
        return (
            pad(gather(like, picked, 0), [0, 0], [room, 0]),
            pad(decayed, [0], [room]),
            pad(gather(labels, picked, 0), [0], [room]),
            pad(gather(rows, picked, 0), [0], [room]),
            squeeze(tensor(picked.size(0)), 0),
        )

    return for_each(scores.size(0), found)
