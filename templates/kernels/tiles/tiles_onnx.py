from procdsl.codegen.onnx.axes import concat, expand, gather, moved, part, unsqueeze
from procdsl.codegen.onnx.control import for_each
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import quotient

from ..pixels.fitting_onnx import fitting
from .tile_starts_onnx import tile_starts

MOST = 65536
"""As many tiles are made of a picture."""


def tiles(
    x: Tensor,
    sides: tuple[int, int],
    overlaps: tuple[int, int],
    shifted: bool,
    axes: tuple[int, int],
    at: int,
    fill: Tensor | None = None,
) -> Tensor:
    """The tiles of images, row by row, along a new axis `at`; `axes` are those of h and w.

    A picture that is too small for a tile and not filled up, or makes too many, fails here.
    """
    starts = []
    for axis, side, overlap in zip(axes, sides, overlaps, strict=True):
        size = x.size(axis)
        if fill is None and isinstance(size, Tensor):
            size = fitting(size - side) + side
        starts.append(tile_starts(size, side, overlap, shifted))
        if fill is not None:
            end = part(starts[-1], -1, 2**31, 0) + side
            x = filled_up(x, end - size, axis, fill)
    rows, columns = starts
    across = columns.size(0)
    count = rows.size(0) * across

    def cut(number: Tensor) -> tuple[Tensor]:
        place = unsqueeze(number, 0)
        top, left = gather(rows, quotient(place, across), 0), gather(columns, place % across, 0)
        strip = part(x, top, top + sides[0], axes[0])
        return (part(strip, left, left + sides[1], axes[1]),)

    (found,) = for_each(MOST - fitting(MOST - count), cut)
    return moved(found, 0, at)


def filled_up(x: Tensor, more: Size, axis: int, fill: Tensor) -> Tensor:
    """Images with so many lines more behind an axis."""
    sizes = [x.size(one) for one in range(x.rank)]
    sizes[axis % x.rank] = more
    return concat([x, expand(fill, sizes)], axis)
