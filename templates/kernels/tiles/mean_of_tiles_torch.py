import torch


def mean_of_tiles(
    x: torch.Tensor, axes: list[int], h: int, w: int, rows: list[int], columns: list[int]
) -> torch.Tensor:
    """Maps of tiles in one of h x w, where they overlap their mean; `axes` are h and w of a map."""
    if x.shape[0] != len(rows) * len(columns):
        raise ValueError(
            f"maps: expected those of {len(rows) * len(columns)} tiles, got {x.shape[0]}"
        )
    tiles = x.movedim([axis + 1 for axis in axes], [1, 2])
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
