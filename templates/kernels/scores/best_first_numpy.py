import numpy as np


def best_first(
    scores: np.ndarray, score: float, every_label: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The boxes and classes whose score is above the bound, best first, ties in their order."""
    usable = np.where(np.isnan(scores), -np.inf, scores)
    if every_label:
        rows, classes = np.nonzero(usable.astype(np.float64) > score)
    else:
        best = usable.argmax(axis=1)
        top = usable[np.arange(len(usable)), best]
        rows = np.nonzero(top.astype(np.float64) > score)[0]
        classes = best[rows]
    order = np.argsort(-usable[rows, classes], kind="stable")
    return rows[order], classes[order]
