import numpy as np

from kernels.boxes.candidates_numpy import best_candidates, every_candidate
from kernels.boxes.lowered_numpy import upright_shares


@np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore")
def fused_boxes(
    boxes: np.ndarray,
    scores: np.ndarray,
    ids: np.ndarray | None,
    score: float,
    iou: float,
    models: int,
    candidates: int,
    limit: int,
    every_label: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weighted means of boxes that overlap, best first, their scores and their classes."""
    if every_label:
        rows, columns, values = every_candidate(scores, score)
    else:
        scores, rows, values = best_candidates(scores, score)
    order = np.argsort(-values, kind="stable")[:candidates]
    rows, values = rows[order], values[order]
    columns = columns[order] if every_label else scores[rows].argmax(axis=1)
    labels = columns if ids is None else ids[rows]
    like, weights = boxes[rows].astype(np.float64), values.astype(np.float64)
    fused = np.zeros((len(rows), 4), np.float32)
    sums, counts = np.zeros((len(rows), 5)), np.zeros(len(rows), np.int64)
    of = np.zeros(len(rows), labels.dtype)
    n = 0
    for i, row in enumerate(rows):
        shares = upright_shares(boxes[row], fused[:n])
        joins = (shares.astype(np.float64) > iou) & (of[:n] == labels[i])
        at = n
        if joins.any():
            at = int(np.where(joins, shares, np.float32(-1)).argmax())
        else:
            of[n] = labels[i]
            n += 1
        sums[at, :4] += weights[i] * like[i]
        sums[at, 4] += weights[i]
        counts[at] += 1
        fused[at] = sums[at, :4] / sums[at, 4]
    share = np.minimum(counts[:n], models) / models
    found = (sums[:n, 4] / counts[:n] * share).astype(np.float32)
    order = np.argsort(-found, kind="stable")[:limit]
    return fused[order], found[order], of[order]
