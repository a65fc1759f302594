import numpy as np

from kernels.boxes.candidates_numpy import best_candidates, every_candidate


def above(
    scores: np.ndarray, score: float, limit: int, every_label: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns of the scores [n, class] above the bound, best first, up to `limit`."""
    if every_label:
        rows, columns, values = every_candidate(scores, score)
        first = np.argsort(-values, kind="stable")[:limit]
        return rows[first], columns[first]
    scores, rows, values = best_candidates(scores, score)
    rows = rows[np.argsort(-values, kind="stable")[:limit]]
    return rows, scores[rows].argmax(axis=1)
