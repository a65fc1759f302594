import numpy as np


def best_candidates(scores: np.ndarray, score: float) -> tuple[np.ndarray, np.ndarray]:
    """The boxes whose best score is above the bound, in their order, and these scores.

    All scores are read once, for the largest of each box; where one is NaN, so is the largest.
    Instead of the boxes stand the places of their first scores among all scores.
    """
    best = scores.max(axis=1)
    rows = np.flatnonzero(~(best.astype(np.float64) <= score))
    values = best[rows]
    if np.isnan(values).any():
        usable = scores[rows]
        values = np.where(np.isnan(usable), -np.inf, usable).max(axis=1)
        above = values.astype(np.float64) > score
        rows, values = rows[above], values[above]
    return rows * scores.shape[1], values


def every_candidate(scores: np.ndarray, score: float) -> tuple[np.ndarray, np.ndarray]:
    """The places among all scores of those above the bound, in their order, and these scores."""
    rows = np.flatnonzero(~(scores.max(axis=1).astype(np.float64) <= score))
    of_rows = scores[rows]
    places, classes = np.nonzero(of_rows.astype(np.float64) > score)
    return rows[places] * scores.shape[1] + classes, of_rows[places, classes]


def best_first(values: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the candidates that are left about a thousand, best first, ties in their order; the rest.

    Those that equal the last one come with it, so that a tie is never parted.
    """
    of_left = values[left]
    rest = left[:0]
    if len(left) > 1024:
        chosen = of_left >= np.partition(of_left, -1024)[-1024]
        left, rest, of_left = left[chosen], left[~chosen], of_left[chosen]
    return left[np.argsort(-of_left, kind="stable")], rest
