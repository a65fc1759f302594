from procdsl.codegen.onnx.axes import (
    KEPT,
    arange,
    concat,
    first_largest,
    full,
    gather_along,
    gather_rows,
    moved,
    one,
    part,
    reshape,
    running_total,
    squeeze,
    total,
    unsqueeze,
)
from procdsl.codegen.onnx.control import for_each, repeat
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, tensor, where


def panoptic_fpn(
    masks: Tensor,
    scores: Tensor,
    labels: Tensor,
    classes: int,
    score: float,
    overlap: float,
    area: int,
) -> tuple[Tensor, Tensor, Tensor]:
    """For each pixel the number of its segment, and those of objects and of labels; 0 is none.

    A round has one object of each sample. What is left of it are the numbers of the pixels, and
    behind these those of the objects, best first.
    """
    n, pixels = masks.size(-3), masks.size(-2) * masks.size(-1)
    planes, flat = reshape(masks, [KEPT, n, pixels]), reshape(labels, [KEPT, pixels])
    usable = where(is_nan(scores), float("-inf"), scores)
    order = first_largest(usable, n, -1)
    sure = gather_along(usable, order, -1).cast("f64") >= score

    def with_next(place: Tensor, left: Tensor) -> Tensor:
        segments, ids = part(left, 0, pixels, -1), part(left, pixels, pixels + n, -1)
        at = reshape(place, [1])
        mask = squeeze(gather_rows(planes, unsqueeze(one(order, at, -1), -1), 1), 1)
        free = mask & segments.equals(0)
        own, still = (unsqueeze(total(x.cast("i64"), -1), -1) for x in (mask, free))
        some = own > 0
        shared = (own - still).cast("f64") / where(some, own, 1).cast("f64")
        kept = unsqueeze(one(sure, at, -1), -1) & some & (shared <= overlap)
        number = unsqueeze(total((ids > 0).cast("i64"), -1), -1) + 1
        ids = where(kept & arange(n).equals(at), number, ids)
        return concat([where(kept & free, number, segments), ids], -1)

    none = full([tensor(labels.size(0)), pixels + n], 0, "i64")
    left = repeat(n, none, with_next)
    segments, ids = part(left, 0, pixels, -1), part(left, pixels, pixels + n, -1)
    of_object = gather_along(ids, first_largest(-order, n, -1), -1)
    free = segments.equals(0) & (flat > 0) & (flat < classes)

    def areas(label: Tensor) -> tuple[Tensor, ...]:
        return (total((free & flat.equals(label)).cast("i64"), -1),)

    there = moved(for_each(classes, areas)[0], 0, -1) >= area
    there = there & (arange(classes) > 0)
    count = unsqueeze(total((ids > 0).cast("i64"), -1), -1)
    of_class = where(there, running_total(there.cast("i64"), -1) + count, 0)
    of_label = gather_along(of_class, where(free, flat, 0), -1)
    sizes = [labels.size(at) for at in range(labels.rank)]
    return reshape(where(free, of_label, segments), sizes), of_object, of_class
