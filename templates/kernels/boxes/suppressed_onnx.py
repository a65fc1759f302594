from procdsl.codegen.onnx.axes import (
    arange,
    first_largest,
    full,
    gather,
    one,
    part,
    running_total,
    scattered,
    total,
    unsqueeze,
)
from procdsl.codegen.onnx.graph import Size, Tensor, constant, node
from procdsl.codegen.onnx.operators import minimum, tensor, where


def suppressed(
    boxes: Tensor, labels: Tensor, classes: Size, iou: float, per_class: bool, limit: int
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
    scores = of_own_class(ranks, labels, classes) if per_class else ranks
    ends = [constant([limit], "i64"), constant([iou], "f32"), constant([0], "f32")]
    given = [unsqueeze(where(proper, boxes, 0), 0), unsqueeze(scores, 0), *ends]
    selected = one(node("NonMaxSuppression", given, "i64", (None, 3)), 2, -1)
    kept = minimum(tensor(selected.size(0)), limit)
    return gather(selected, first_largest(-selected, kept, 0), 0)


def of_own_class(ranks: Tensor, labels: Tensor, classes: Size) -> Tensor:
    """The ranks [1, n] in a row for each class that there is; in the rows of others stands 0."""
    there = scattered(full([classes], 0, "i64"), labels, full([labels.size(0)], 1, "i64"))
    row = gather(running_total(there, 0), labels, 0)
    rows = unsqueeze(arange(total(there, 0, keep=True)) + 1, 1)
    return where(rows.equals(row), ranks, 0)
