import numpy as np


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def panoptic(
    masks: np.ndarray,
    scores: np.ndarray,
    ids: np.ndarray,
    score: float,
    mask: float,
    overlap: float,
    none: int | None,
    fuse: list[int],
) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel the number of its segment, and for each query that of its own; 0 is none."""
    kept = scores > np.float32(score)
    if none is not None:
        kept &= ids != none
    weighed = np.where(kept[:, None, None], masks * scores[:, None, None], np.float32(-np.inf))
    weighed[np.isnan(weighed)] = -np.inf
    winner = weighed.argmax(0)
    best = np.take_along_axis(weighed, winner[None], 0)[0]
    won = best > -np.inf
    own = np.bincount(winner[won], minlength=len(ids))
    every = (weighed >= np.float32(mask)).sum((1, 2))
    share = own.astype(np.float32) / every.astype(np.float32)
    exists = (own > 0) & (every > 0) & (share.astype(np.float64) > overlap)
    of_query = numbered(exists, ids, fuse)
    return np.where(won, of_query[winner], 0), of_query


def numbered(exists: np.ndarray, ids: np.ndarray, fuse: list[int]) -> np.ndarray:
    """The numbers of segments, from 1 on; those of a class that is fused have that of the first."""
    same = (ids == ids[:, None]) & np.isin(ids, fuse) | np.eye(len(ids), dtype=bool)
    first = (same & exists).argmax(1)
    numbers = np.cumsum(exists & (first == np.arange(len(ids))))
    return np.where(exists, numbers[first], 0)
