from procdsl.codegen.onnx.axes import arange, concat, largest, smallest, squeeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def boxes_of_masks(masks: Tensor, more: int) -> Tensor:
    """The boxes (x1, y1, x2, y2) of what is true in masks [..., n, h, w], or zeros."""
    there = masks.cast("i32")
    x1, x2 = ends_of(squeeze(largest(there, [-2]), -2), more)
    y1, y2 = ends_of(squeeze(largest(there, [-1]), -1), more)
    return concat([x1, y1, x2, y2], -1).cast("f32")


def ends_of(there: Tensor, more: int) -> tuple[Tensor, Tensor]:
    """The first place along the last axis that holds, and the last one and so many more."""
    holds, places = there.cast("bool"), arange(there.size(-1), "i32")
    first = smallest(where(holds, places, 2**31 - 1), [-1])
    last = largest(where(holds, places + more, 0), [-1])
    return where(largest(there, [-1]).cast("bool"), first, 0), last
