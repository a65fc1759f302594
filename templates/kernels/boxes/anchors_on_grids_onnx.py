from procdsl.codegen.onnx.axes import arange, concat, expand, full, part, reshape, stack, unsqueeze
from procdsl.codegen.onnx.graph import Tensor


def anchors_on_grids(
    x: Tensor,
    cells: Tensor,
    levels: tuple[tuple[int, ...], ...],
    offset: float,
    corners: bool,
    tiles: bool,
) -> Tensor:
    """The cells f32[m, 4] of each level at each of its places, [..., n, 4], for each sample of `x`.

    A level is its rows, its columns, how far apart these are, and how many cells are its.
    """
    found, first = [], 0
    for rows, columns, step_y, step_x, count in levels:
        y = (arange(rows, "f32") + offset) * float(step_y)
        across = (arange(columns, "f32") + offset) * float(step_x)
        place = stack(
            [
                expand(unsqueeze(across, 0), [rows, columns]),
                expand(unsqueeze(y, 1), [rows, columns]),
            ],
            -1,
        )
        again = place if corners else full([rows, columns, 2], 0, "f32")
        places = reshape(concat([place, again], -1), [rows * columns, 1, 4])
        of_level = places + part(cells, first, first + count, 0)
        found.append(reshape(of_level, [rows * columns * count, 4]))
        first += count
    anchors = concat(found, 0)
    leading = [x.size(at) for at in range(2 if tiles else 1)]
    return expand(anchors, [*leading, anchors.size(0), 4])
