import torch


def anchors_on_grids(
    x: torch.Tensor,
    cells: torch.Tensor,
    levels: list[list[int]],
    offset: float,
    corners: bool,
    tiles: bool,
) -> torch.Tensor:
    """The cells f32[m, 4] of each level at each of its places, [..., n, 4], for each sample of `x`.

    A level is its rows, its columns, how far apart these are, and how many cells are its.
    """
    found: list[torch.Tensor] = []
    first = 0
    for level in levels:
        rows, columns, step_y, step_x, count = level[0], level[1], level[2], level[3], level[4]
        y = (torch.arange(rows, dtype=torch.float32, device=x.device) + offset) * step_y
        across = (torch.arange(columns, dtype=torch.float32, device=x.device) + offset) * step_x
        y, across = torch.broadcast_tensors(y[:, None], across[None])
        place = torch.stack([across, y], dim=-1)
        again = place if corners else torch.zeros_like(place)
        places = torch.cat([place, again], dim=-1).reshape(-1, 1, 4)
        found.append((places + cells[first : first + count]).reshape(-1, 4))
        first += count
    anchors = torch.cat(found)
    return anchors.expand(list(x.shape[:-2]) + list(anchors.shape))
