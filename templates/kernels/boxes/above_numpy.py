import numpy as np

from kernels.boxes.candidates_numpy import best_candidates, every_candidate


def above(
    scores: np.ndarray, score: float, limit: int, every_label: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns of the scores [n, class] above the bound, best first, up to `limit`."""
    if every_label:
        places, values = every_candidate(scores, score)
    else:
        places, values = best_candidates(scores, score)
    first = np.argsort(-values, kind="stable")[:limit]
    rows, columns = np.divmod(places[first], scores.shape[1])
    if not every_label:
        columns = np.argmax(scores[rows] == values[first][:, None], axis=1)
    return rows, columns
