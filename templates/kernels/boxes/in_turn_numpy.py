import numpy as np

from kernels.boxes.candidates_numpy import best_candidates, every_candidate
from kernels.boxes.lowered_numpy import lowered


@np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore")
def in_turn(
    boxes: np.ndarray,
    scores: np.ndarray,
    ids: np.ndarray | None,
    score: float,
    measure: str,
    bound: float,
    sigma: float,
    per_class: bool,
    limit: int,
    every_label: bool,
    candidates: int | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows of the boxes that are picked, best first, their columns and their scores then.

    The best is picked, and lowers the scores of the others or drops them, until none is left.
    """
    if every_label:
        rows, columns, values = every_candidate(scores, score)
    else:
        scores, rows, values = best_candidates(scores, score)
        columns = scores[rows].argmax(axis=1)
    if candidates is not None:
        some = np.sort(np.argsort(-values, kind="stable")[:candidates])
        rows, columns, values = rows[some], columns[some], values[some]
    labels = columns if ids is None else ids[rows]
    left = np.arange(len(rows))
    kept: list[int] = []
    decayed: list[np.float32] = []
    while len(left) and len(kept) < limit:
        at = int(values.argmax())
        best = left[at]
        kept.append(best)
        decayed.append(values[at])
        others = lowered(boxes[rows[best]], boxes[rows[left]], values, measure, bound, sigma)
        if per_class:
            others = np.where(labels[left] == labels[best], others, values)
        alive = others.astype(np.float64) > score
        alive[at] = False
        left, values = left[alive], others[alive]
    found = np.array(kept, np.int64)
    return rows[found], columns[found], np.array(decayed, np.float32)
