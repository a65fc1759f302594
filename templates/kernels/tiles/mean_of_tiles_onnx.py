from procdsl.codegen.onnx.axes import (
    arange,
    concat,
    full,
    gather,
    one,
    pad,
    part,
    reshape,
    unsqueeze,
)
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
    down, across = axes
    sides = x.size(down), x.size(across)
    count = columns.size(0)
    sizes = [x.size(axis) for axis in range(x.rank)]
    sizes[down], sizes[across] = 0, end_of(columns, sides[1])
    del sizes[at]

    # Each loop has what its tiles have reached so far: what lies beyond is not copied.

    def with_row(row: Tensor, total: Tensor) -> Tensor:
        top = start_of(rows, row)
        reached = total.size(down)
        more: list[Size] = [top + sides[0] - reached, *[0] * (-1 - down)]
        strip = pad(part(total, top, reached, down), [0] * -down, more)

        def with_tile(column: Tensor, done: Tensor) -> Tensor:
            left, reached = start_of(columns, column), done.size(across)
            under = part(done, left, reached, across)
            ahead = part(strip, reached, left + sides[1], across)
            tile = one(x, row * count + column, at)
            return concat(
                [part(done, 0, left, across), concat([under, ahead], across) + tile], across
            )

        done = repeat(count, part(strip, 0, 0, across), with_tile, same_shape=False)
        return concat([part(total, 0, top, down), done], down)

    total_rows = quotient(agreed(rows.size(0) * count, x.size(at)), count)
    total = repeat(total_rows, full(sizes, 0, "f32"), with_row, same_shape=False)
    total = part(part(total, 0, h, down), 0, w, across)
    over_rows = reshape(covering(rows, sides[0], h), [-1, *[1] * (-1 - down)])
    over_columns = reshape(covering(columns, sides[1], w), [-1, *[1] * (-1 - across)])
    return total / (over_rows * over_columns)


def start_of(starts: Tensor, number: Tensor) -> Tensor:
    """Where the tile of this number begins."""
    return gather(starts, unsqueeze(number, 0), 0)


def end_of(starts: Tensor, side: Size) -> Size:
    """Where the last tile ends."""
    return part(starts, -1, 2**31, 0) + side


def covering(starts: Tensor, side: Size, size: Size) -> Tensor:
    """How many tiles there are over each place of an axis, in float32."""
    place, start = arange(size), unsqueeze(starts, 1)
    over = (start <= place) & (place < start + side)
    return total_of(over.cast("i64"), 0).cast("f32")
