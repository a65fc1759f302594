import torch

from kernels.graphs.open_sizes_torch import refuse_open
from kernels.tiles.tile_starts import tile_starts


def tiles(
    name: str,
    x: torch.Tensor,
    h: int,
    w: int,
    overlap_h: int,
    overlap_w: int,
    shifted: bool,
    axes: list[int],
    fill: torch.Tensor | None,
    at: int,
) -> torch.Tensor:
    """The tiles of images, row by row, along a new axis `at`; `axes` are those of h and w."""
    refuse_open("tile", [x.shape[axes[0]], x.shape[axes[1]]])
    sides = x.movedim(axes, [0, 1])
    if fill is None and (sides.shape[0] < h or sides.shape[1] < w):
        raise ValueError(
            f"{name}: an image of {sides.shape[0]} x {sides.shape[1]} is too small "
            f"for tiles of {h} x {w}"
        )
    rows = tile_starts(sides.shape[0], h, overlap_h, shifted)
    columns = tile_starts(sides.shape[1], w, overlap_w, shifted)
    if len(rows) * len(columns) > 65536:
        raise ValueError(
            f"{name}: an image of {sides.shape[0]} x {sides.shape[1]} is too large: "
            "more than 65536 tiles"
        )
    shape = list(x.shape)
    shape[axes[0]], shape[axes[1]] = h, w
    leading = x.dim() + 1 + at
    found = x.new_empty(shape[:leading] + [len(rows) * len(columns)] + shape[leading:])
    tile = 0
    for top in rows:
        for left in columns:
            part = sides[top : top + h, left : left + w]
            place = found.select(at, tile).movedim(axes, [0, 1])
            if fill is not None and (part.shape[0] < h or part.shape[1] < w):
                place.copy_(fill.expand(place.shape))
            place[: part.shape[0], : part.shape[1]] = part
            tile += 1
    return found
