def tile_starts(size: int, tile: int, overlap: int, shifted: bool) -> list[int]:
    """Where each tile along an axis begins; the last one may be shifted to end with the axis."""
    starts = [0]
    while starts[-1] + tile < size:
        starts.append(starts[-1] + tile - overlap)
    if shifted:
        starts[-1] = min(starts[-1], max(0, size - tile))
    return starts
