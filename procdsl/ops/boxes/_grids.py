"""The grids of a detector's levels: one place for each square of `stride` pixels, row by row."""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.ops.boxes._boxes import sides_of
from procdsl.types.array import Array


def input_sides(raw: Array, op: str) -> tuple[int, int]:
    """The height and width of the model's input, which a step fixes; or a `Problem`."""
    sides = sides_of(raw.space)
    if sides is None:
        raise Problem(
            "E318",
            f"`{op}` does not know the size of the model's input",
            found="a picture of any size" if raw.space else "no known picture",
            wanted="an input whose height and width a step of `pre` fixes",
            help="let a `letterbox`, a `resize(h=, w=)` or a `crop(center, h=, w=)` fix both: the "
            "places of the grids follow from them",
        )
    return sides


def grid_sides(raw: Array, strides: tuple[int, ...], op: str) -> tuple[int, int]:
    """The height and width of the model's input, which the strides divide; or a `Problem`."""
    sides = input_sides(raw, op)
    odd = [stride for stride in strides if sides[0] % stride or sides[1] % stride]
    if odd:
        raise Problem(
            "E211",
            "a stride that does not divide the model's input",
            found=f"{odd[0]} for {sides[0]} x {sides[1]}",
            wanted="strides that divide the height and the width",
            help="write the strides of the model's levels, and fix the size that it was made for",
            at="strides",
        )
    return sides


def stride_of(grid: Array, op: str) -> int:
    """How many pixels of the input a place of a grid [..., h, w] stands for; or a `Problem`.

    The size of the grid must be known.
    """
    (h, w), sides = grid.shape[-2:], input_sides(grid, op)
    strides = {
        side // (n or 1) if n and side % n == 0 else 0
        for side, n in zip(sides, (h, w), strict=True)
    }
    if len(strides) > 1 or 0 in strides:
        raise Problem(
            "E307",
            f"`{op}` does not find a grid of the model's input",
            found=f"{grid.described()}, of a {sides[0]} x {sides[1]} image",
            wanted="a height and a width that divide the image's, by one stride",
            help="check the shape of the model's output; `layout` changes the order of axes",
        )
    return strides.pop()


def grid_points(
    h: int, w: int, strides: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The column, the row and the stride of each place, level by level, in float32."""
    levels = []
    for stride in strides:
        rows, columns = np.mgrid[: h // stride, : w // stride]
        levels.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)]))
    x, y, stride = np.concatenate(levels, axis=1).astype(np.float32)
    return x, y, stride
