import numpy as np


def best_candidates(scores: np.ndarray, score: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The boxes whose best score is above the bound, in their order, and these scores.

    All scores are read once, for the largest of each box; where one is NaN, so is the largest.
    Before them stand the scores without NaN, whose largest are those.
    """
    best = np.maximum.reduce(scores, axis=1)
    if np.isnan(best).any():
        scores = np.where(np.isnan(scores), np.float32(-np.inf), scores)
        best = np.maximum.reduce(scores, axis=1)
    (rows,) = (best > score).nonzero()
    return scores, rows, best[rows]


def every_candidate(scores: np.ndarray, score: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows and columns of the scores above the bound, in their order, and these scores."""
    best = np.maximum.reduce(scores, axis=1)
    (rows,) = (~(best <= score)).nonzero()
    of_rows = scores[rows]
    places, columns = (of_rows > score).nonzero()
    return rows[places], columns, of_rows[places, columns]


def best_first(values: np.ndarray, most: int) -> np.ndarray:
    """Which scores are the best `most` of all, best first and ties in their order.

    Those that equal the last one come with it, so that a tie is never parted.
    """
    if len(values) <= most:
        return np.argsort(-values, kind="stable")
    (chosen,) = (values >= np.partition(values, -most)[-most]).nonzero()
    return chosen[np.argsort(-values[chosen], kind="stable")]
