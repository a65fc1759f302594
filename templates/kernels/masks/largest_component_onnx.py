from procdsl.codegen.onnx.axes import (
    arange,
    gather,
    gather_along,
    largest,
    one,
    pad,
    part,
    reshape,
    stack,
    total,
    unsqueeze,
)
from procdsl.codegen.onnx.control import repeat_while
from procdsl.codegen.onnx.graph import Tensor, current
from procdsl.codegen.onnx.operators import maximum, tensor, where


def largest_component(mask: Tensor, corners: bool) -> Tensor:
    """The largest connected part of masks [..., h, w], of equal ones that with the first pixel.

    A pixel takes the largest label round it, and then the label of the pixel that its own names:
    the first one of its part has the largest. Beside the labels stand those of the round before.
    """
    h, w = mask.size(-2), mask.size(-1)
    size = h * w
    planes = reshape(mask, [-1, h, w])
    rows = [tensor(planes.size(0)), tensor(size)]
    pixels = reshape(planes, rows)
    places = size - arange(size)
    start = where(pixels, unsqueeze(places, 0), 0)

    def spread(left: Tensor) -> Tensor:
        labels = one(left, 0, 0)
        around = pad(reshape(labels, [rows[0], tensor(h), tensor(w)]), [1, 1], [1, 1])
        middle = part(around, 1, w + 1, -1)
        across = maximum(maximum(part(around, 0, w, -1), part(around, 2, w + 2, -1)), middle)
        lines = across if corners else middle
        beside = maximum(part(lines, 0, h, -2), part(lines, 2, h + 2, -2))
        found = reshape(maximum(beside, part(across, 1, h + 1, -2)), rows)
        found = gather_along(found, size - maximum(where(pixels, found, 0), 1), -1)
        return stack([where(pixels, found, 0), labels], 0)

    def changed(left: Tensor) -> Tensor:
        differ = ~one(left, 0, 0).equals(one(left, 1, 0))
        return total(reshape(differ, [-1]).cast("i64"), 0, keep=True) > 0

    labels = one(repeat_while(changed, stack([start, start - 1], 0), spread), 0, 0)
    sizes = where(pixels, reshape(counted(labels, size), rows), 0)
    winner = largest(where(sizes.equals(largest(sizes, [-1])), labels, 0), [-1])
    found = pixels & labels.equals(winner)
    return reshape(found, [mask.size(at) for at in range(mask.rank)])


def counted(labels: Tensor, size: Tensor | int) -> Tensor:
    """For each of labels [plane, pixel] how often its plane has it, in one row."""
    apart = labels + unsqueeze(arange(labels.size(0)) * (size + 1), -1)
    results = [("i64", (None,))] * 4
    parts = ("values", "first", "places", "counts")
    given = [reshape(apart, [-1])]
    _, _, places, counts = current().add("Unique", given, results, "", parts)
    return gather(counts, places, 0)
