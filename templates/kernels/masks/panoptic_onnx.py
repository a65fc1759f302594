from collections.abc import Sequence

from procdsl.codegen.onnx.axes import (
    arange,
    argmax,
    gather_along,
    largest,
    moved,
    one,
    reshape,
    running_total,
    squeeze,
    total,
    unsqueeze,
)
from procdsl.codegen.onnx.control import for_each
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, where


def panoptic(
    masks: Tensor,
    scores: Tensor,
    ids: Tensor,
    score: float,
    mask: float,
    overlap: float,
    none: int | None,
    fuse: Sequence[int],
) -> tuple[Tensor, Tensor]:
    """For each pixel the number of its segment, and for each query that of its own; 0 is none."""
    kept = scores > score
    if none is not None:
        kept = kept & ~ids.equals(none)
    weighed = masks * unsqueeze(unsqueeze(scores, -1), -1)
    usable = unsqueeze(unsqueeze(kept, -1), -1) & ~is_nan(weighed)
    weighed = where(usable, weighed, float("-inf"))
    best = largest(weighed, [-3])
    winner = squeeze(argmax(weighed.equals(best).cast("i32"), -3), -3)
    won = squeeze(best, -3) > float("-inf")

    def areas(query: Tensor) -> tuple[Tensor, ...]:
        found = winner.equals(query) & won, one(weighed, query, -3) >= mask
        return tuple(total(total(x.cast("i64"), -1), -1) for x in found)

    own, every = (moved(x, 0, -1) for x in for_each(masks.size(-3), areas))
    there = every > 0
    share = own.cast("f32") / where(there, every, 1).cast("f32")
    exists = (own > 0) & there & (share.cast("f64") > overlap)
    of_query = numbered(exists, ids, fuse)
    rows = reshape(winner, [*[0] * (winner.rank - 2), winner.size(-2) * winner.size(-1)])
    sizes = [winner.size(at) for at in range(winner.rank)]
    segments = reshape(gather_along(of_query, rows, -1), sizes)
    return where(won, segments, 0), of_query


def numbered(exists: Tensor, ids: Tensor, fuse: Sequence[int]) -> Tensor:
    """The numbers of segments, from 1 on; those of a class that is fused have that of the first."""
    queries = arange(ids.size(-1))
    same = unsqueeze(queries, -1).equals(queries)
    for label in fuse:
        fused = ids.equals(label)
        same = same | (unsqueeze(fused, -1) & unsqueeze(fused, -2))
    first = squeeze(argmax((same & unsqueeze(exists, -2)).cast("i32"), -1), -1)
    numbers = running_total((exists & first.equals(queries)).cast("i64"), -1)
    return where(exists, gather_along(numbers, first, -1), 0)
