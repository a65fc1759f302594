from procdsl.codegen.onnx.axes import arange, expand, gather_along, pad, part, smallest, unsqueeze
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import floor, maximum, where

from ..boxes.sides_onnx import sides


def pasted_masks(masks: Tensor, boxes: Tensor, h: Size, w: Size, by: str) -> Tensor:
    """Masks [..., n, h, w] in a picture of this size, each where its box is; elsewhere 0."""
    x, y = sides(boxes)
    ringed = pad(masks, [1, 1], [2, 2])
    lead = [masks.size(at) for at in range(masks.rank - 2)]
    places, t = mask_places(boxes, x, masks.size(-1), w, by)
    places, t = expand(unsqueeze(places, -2), [*lead, ringed.size(-2), w]), unsqueeze(t, -2)
    columns = between(ringed, places, t, -1)
    places, t = mask_places(boxes, y, masks.size(-2), h, by)
    return between(columns, expand(unsqueeze(places, -1), [*lead, h, w]), unsqueeze(t, -1), -2)


def between(x: Tensor, places: Tensor, t: Tensor, axis: int) -> Tensor:
    """Between a place along an axis and the next one."""
    return gather_along(x, places, axis) * (1 - t) + gather_along(x, places + 1, axis) * t


def mask_places(
    boxes: Tensor, ends: Tensor, of: Size, size: Size, by: str
) -> tuple[Tensor, Tensor]:
    """Along an axis for each pixel the first of two places in a mask with 0 round it, and the share
    of the second; outside of the box both are behind the mask.

    What is computed of boxes that are no numbers is left out: they count as 0.
    """
    small = (abs(boxes) <= 16777216.0).cast("i64")
    usable = smallest(small, [-1]).cast("bool")
    ends = where(usable, ends, 0)
    first, last = part(ends, 0, 1, -1), part(ends, 1, 2, -1)
    pixels = arange(size, "f32")
    real_of = of.cast("f32") if isinstance(of, Tensor) else float(of)
    if by == "torchvision":
        middle = (last + first) * 0.5
        reach = (last - first) * 0.5 * enlarged(of)
        start, end = (x.cast("i64").cast("f32") for x in (middle - reach, middle + reach))
        scale = (real_of + 2) / maximum(end - start + 1, 1)
        at = maximum((pixels - start + 0.5) * scale - 0.5, 0)
        inside = (start <= pixels) & (pixels <= end)
    else:
        wide = first < last
        length = where(wide, last - first, 1)
        grid = (pixels + 0.5 - first) / length * 2 - 1
        at = ((grid + 1) * real_of - 1) / 2 + 1
        inside = (at > 0) & (at < real_of + 1) & wide
    inside = inside & usable
    at = where(inside, at, 0)
    return where(inside, floor(at).cast("i64"), of + 1), at - floor(at)


def enlarged(of: Size) -> Tensor | float:
    """How much a box grows with a ring of one place round its mask."""
    if isinstance(of, Tensor):
        return ((of + 2).cast("f64") / of.cast("f64")).cast("f32")
    return (of + 2) / of
