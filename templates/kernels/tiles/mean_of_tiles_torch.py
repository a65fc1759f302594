import torch


def mean_of_tiles(
    x: torch.Tensor,
    axes: list[int],
    h: int,
    w: int,
    rows: list[int],
    columns: list[int],
    at: int,
) -> torch.Tensor:
    """Maps of tiles in one of h x w, where they overlap their mean.

    `axes` are where h and w are, `at` where the tiles are, counted from the last one.
    """
    tiles = x.movedim([at] + axes, [0, 1, 2])
    if tiles.shape[0] != len(rows) * len(columns):
        raise ValueError(
            f"maps: expected those of {len(rows) * len(columns)} tiles, got {tiles.shape[0]}"
        )
    total = x.new_zeros([h, w] + list(tiles.shape[3:]))
    count = x.new_zeros([h, w] + [1] * (x.dim() - 3))
    tile = 0
    for top in rows:
        for left in columns:
            place = total[top : top + tiles.shape[1], left : left + tiles.shape[2]]
            place += tiles[tile, : place.shape[0], : place.shape[1]]
            count[top : top + tiles.shape[1], left : left + tiles.shape[2]] += 1
            tile += 1
    return (total / count).movedim([0, 1], axes)
