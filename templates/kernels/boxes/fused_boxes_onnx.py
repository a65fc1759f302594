from procdsl.codegen.onnx.axes import (
    arange,
    argmax,
    concat,
    first_largest,
    full,
    gather,
    largest,
    one,
    pad,
    part,
    squeeze,
    unsqueeze,
    where_true,
)
from procdsl.codegen.onnx.control import for_each, rounds
from procdsl.codegen.onnx.graph import Tensor, constant
from procdsl.codegen.onnx.operators import bound_in_f32, minimum, tensor, where

from .lowered_onnx import upright_shares
from .nms_onnx import taking_part


def fused_boxes(
    boxes: Tensor,
    scores: Tensor,
    ids: Tensor | None,
    score: float,
    iou: float,
    models: int,
    candidates: int,
    limit: int,
    every_label: bool,
) -> tuple[Tensor, ...]:
    """Weighted means of boxes [n, anchor, 4] that overlap, best first, with zeros behind.

    It gives boxes, scores and classes in a room of `limit`, and how many there are.
    """
    score, bound = bound_in_f32(score), bound_in_f32(iou)
    usable = squeeze(largest((scores > score).cast("u8"), [-1]), -1)

    def found(sample: Tensor) -> tuple[Tensor, ...]:
        of_boxes, of_scores = one(boxes, sample, 0), one(scores, sample, 0)
        rows = squeeze(where_true(one(usable, sample, 0)), 0)
        rows, labels, values = taking_part(rows, gather(of_scores, rows, 0), score, every_label)
        room = minimum(tensor(values.size(0)), candidates)
        best = first_largest(values, room, 0)
        rows, labels, values = (gather(x, best, 0) for x in (rows, labels, values))
        if ids is not None:
            labels = gather(one(ids, sample, 0), rows, 0)
        like, numbers = gather(of_boxes, rows, 0), arange(room)

        def more(step: Tensor, sums: Tensor, of: Tensor, counts: Tensor) -> Tensor:
            return step < room

        def join(
            step: Tensor, sums: Tensor, of: Tensor, counts: Tensor
        ) -> tuple[list[Tensor], list[Tensor]]:
            box, label, value = (gather(x, step, 0) for x in (like, labels, values))
            there = counts > 0
            shares = upright_shares(box, means(sums, there))
            joins = there & of.equals(label) & (shares > bound)
            shares = where(joins, shares, -1)
            at = argmax(shares, 0)
            used = tensor(where_true(there).size(1))
            place = where(gather(shares, at, 0) >= 0, at, used)
            here = numbers.equals(place)
            weight = unsqueeze(value.cast("f64"), 0)
            added = concat([box.cast("f64") * weight, weight], -1)
            after = [
                step + 1,
                where(unsqueeze(here, -1), sums + added, sums),
                where(here, label, of),
                counts + here.cast("i64"),
            ]
            return after, []

        start = [
            constant([0], "i64"),
            full([room, 5], 0, "f64"),
            full([room], 0, "i64"),
            full([room], 0, "i64"),
        ]
        (_, sums, of, counts), _ = rounds(candidates, more, start, join)
        there = counts > 0
        count = minimum(tensor(where_true(there).size(1)), limit)
        fused = means(sums, there)
        share = minimum(counts, models).cast("f64") / float(models)
        scored = one(sums, 4, -1) / where(there, counts, 1).cast("f64") * share
        scored = where(there, scored.cast("f32"), -1)
        order = first_largest(scored, count, 0)
        behind = limit - count
        return (
            pad(gather(fused, order, 0), [0, 0], [behind, 0]),
            pad(gather(scored, order, 0), [0], [behind]),
            pad(gather(of, order, 0), [0], [behind]),
            squeeze(count, 0),
        )

    return for_each(scores.size(0), found)


def means(sums: Tensor, there: Tensor) -> Tensor:
    """Fused boxes of the sums of their boxes times scores, and of these; 0 where there is none."""
    weight = where(unsqueeze(there, -1), part(sums, 4, 5, -1), 1.0)
    return (part(sums, 0, 4, -1) / weight).cast("f32")
