from procdsl.codegen.onnx.axes import arange, concat, full, gather, one, part, reshape, unsqueeze
from procdsl.codegen.onnx.axes import total as total_of
from procdsl.codegen.onnx.control import repeat
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import quotient

from .agreed_onnx import agreed


def mean_of_tiles(
    x: Tensor, axes: tuple[int, int], h: Size, w: Size, rows: Tensor, columns: Tensor, at: int
) -> Tensor:
    """Maps of tiles in one of h x w, where they overlap their mean.

    `axes` are where h and w are, `at` where the tiles are, counted from the last one. Maps of
    another number of tiles fail here.
    """
    sides = x.size(axes[0]), x.size(axes[1])
    across = columns.size(0)
    sizes = [x.size(axis) for axis in range(x.rank)]
    sizes[axes[0]], sizes[axes[1]] = end_of(rows, sides[0]), end_of(columns, sides[1])
    del sizes[at]

    def with_row(row: Tensor, total: Tensor) -> Tensor:
        above, strip, below = cut(total, gather(rows, unsqueeze(row, 0), 0), sides[0], axes[0])

        def with_tile(column: Tensor, strip: Tensor) -> Tensor:
            left = gather(columns, unsqueeze(column, 0), 0)
            before, middle, behind = cut(strip, left, sides[1], axes[1])
            middle = middle + one(x, row * across + column, at)
            return concat([before, middle, behind], axes[1])

        strip = repeat(across, strip, with_tile, same_shape=False)
        return concat([above, strip, below], axes[0])

    down = quotient(agreed(rows.size(0) * across, x.size(at)), across)
    total = repeat(down, full(sizes, 0, "f32"), with_row, same_shape=False)
    total = part(part(total, 0, h, axes[0]), 0, w, axes[1])
    over_rows = reshape(covering(rows, sides[0], h), [-1, *[1] * (-1 - axes[0])])
    over_columns = reshape(covering(columns, sides[1], w), [-1, *[1] * (-1 - axes[1])])
    return total / (over_rows * over_columns)


def end_of(starts: Tensor, side: Size) -> Size:
    """Where the last tile ends."""
    return part(starts, -1, 2**31, 0) + side


def cut(x: Tensor, start: Size, length: Size, axis: int) -> tuple[Tensor, ...]:
    """What lies before a part of an axis, the part, and what lies behind it."""
    end = start + length
    return part(x, 0, start, axis), part(x, start, end, axis), part(x, end, x.size(axis), axis)


def covering(starts: Tensor, side: Size, size: Size) -> Tensor:
    """How many tiles there are over each place of an axis, in float32."""
    place, start = arange(size), unsqueeze(starts, 1)
    over = (start <= place) & (place < start + side)
    return total_of(over.cast("i64"), 0).cast("f32")
