from procdsl.codegen.onnx.axes import (
    arange,
    first_largest,
    gather,
    one,
    part,
    unsqueeze,
)
from procdsl.codegen.onnx.graph import Tensor, constant, current, node
from procdsl.codegen.onnx.operators import minimum, tensor, where


def suppressed(
    boxes: Tensor, labels: Tensor, iou: float, per_class: bool, limit: int, of_class: int | None
) -> Tensor:
    """The places of the boxes that are kept of boxes [n, 4], which come best first.

    NonMaxSuppression leaves open what becomes of equal scores and of boxes that are none. So it is
    given scores that fall by one from box to box; and a box without area, or with a side before the
    other or a NaN, which overlaps nothing, is a point.
    """
    count = tensor(boxes.size(0))
    wide = part(boxes, 0, 2, -1) < part(boxes, 2, 4, -1)
    proper = unsqueeze(one(wide, 0, -1) & one(wide, 1, -1), -1)
    ranks = unsqueeze((count - arange(count)).cast("f32"), 0)
    scores = of_own_class(ranks, labels) if per_class else ranks
    most = limit if of_class is None else min(limit, of_class)
    ends = [constant([most], "i64"), constant([iou], "f32"), constant([0], "f32")]
    given = [unsqueeze(where(proper, boxes, 0), 0), unsqueeze(scores, 0), *ends]
    selected = one(node("NonMaxSuppression", given, "i64", (None, 3)), 2, -1)
    kept = minimum(tensor(selected.size(0)), limit)
    return gather(selected, first_largest(-selected, kept, 0), 0)


def of_own_class(ranks: Tensor, labels: Tensor) -> Tensor:
    """The ranks [1, n] in a row for each class that there is; in the rows of others stands 0."""
    classes, row = distinct(labels)
    rows = unsqueeze(arange(classes.size(0)), 1)
    return where(rows.equals(row), ranks, 0)


def distinct(x: Tensor) -> tuple[Tensor, Tensor]:
    """The numbers that there are, and for each place which one of them stands there."""
    results = [("i64", (None,))] * 4
    parts = ("values", "first", "places", "counts")
    values, _, places, _ = current().add("Unique", [x], results, "", parts)
    return values, places
