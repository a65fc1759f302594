import numpy as np

from kernels.boxes.overlaps_numpy import overlaps
from kernels.scores.best_first_numpy import best_first


def nms(
    boxes: np.ndarray,
    scores: np.ndarray,
    score: float,
    iou: float,
    per_class: bool,
    limit: int,
    every_label: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Greedy non-maximum suppression, best first, in blocks of 256 candidates.

    It gives the boxes that are kept, their scores and their classes.
    """
    rows, classes = best_first(scores, score, every_label)
    kept = np.empty(0, np.int64)
    for start in range(0, len(rows), 256):
        block = np.arange(start, min(start + 256, len(rows)))
        pool = np.concatenate([kept, block])
        hits: np.ndarray = overlaps(boxes[rows[pool]], boxes[rows[block]], iou)
        if per_class:
            hits &= classes[pool][:, None] == classes[block]
        alive: np.ndarray = ~np.logical_or.reduce(hits[: len(kept)], axis=0)
        hits = hits[len(kept) :]
        for i in range(len(block)):
            if alive[i]:
                alive[i + 1 :] &= ~hits[i, i + 1 :]
        kept = np.concatenate([kept, block[alive]])[:limit]
        if len(kept) == limit:
            break
    rows, classes = rows[kept], classes[kept]
    return boxes[rows], scores[rows, classes], classes
