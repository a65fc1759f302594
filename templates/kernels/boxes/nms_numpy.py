import numpy as np

from kernels.boxes.candidates_numpy import best_candidates, best_first, every_candidate
from kernels.boxes.overlapping_numpy import overlapping


def nms(
    boxes: np.ndarray,
    scores: np.ndarray,
    ids: np.ndarray | None,
    score: float,
    iou: float,
    per_class: bool,
    limit: int,
    every_label: bool,
    candidates: int | None,
    limit_per_class: int | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Greedy non-maximum suppression: the rows of the boxes that are kept, best first.

    Beside them stands for each in which column its score is. What is sorted, compared and looked
    at is no more than needed: candidates come by the thousand, and 256 of them at a time meet
    those that are kept and each other, those of one class alone.
    """
    if every_label:
        places, values = every_candidate(scores, score)
    else:
        places, values = best_candidates(scores, score)
    rows = places // scores.shape[1]
    left = np.arange(len(rows))
    if candidates is not None:
        left = np.sort(np.argsort(-values, kind="stable")[:candidates])
    kept, of_kept = left[:0], left[:0]
    groups = left[:0]
    while len(left) and len(kept) < limit:
        now, left = best_first(values, left)
        if every_label:
            of_now = places[now] % scores.shape[1]
        else:
            of_now = np.argmax(scores[rows[now]] == values[now][:, None], axis=1)
        start = 0
        while start < len(now) and len(kept) < limit:
            stop = start + max(1, min(256, 2**21 // (256 + len(kept))))
            block, labels = now[start:stop], of_now[start:stop]
            if per_class:
                new = labels if ids is None else ids[rows[block]]
            else:
                new = np.zeros(len(block), np.int64)
            pool = np.concatenate([kept, block])
            both = np.concatenate([groups, new])
            alive = [True] * len(pool)
            first, second = overlapping(boxes[rows[pool]], both, len(kept), iou)
            for a, b in zip(first.tolist(), second.tolist(), strict=True):
                if alive[a]:
                    alive[b] = False
            stays = np.array(alive)
            if limit_per_class is not None:
                stays[stays] = place_in_group(both[stays]) < limit_per_class
            kept, groups = pool[stays][:limit], both[stays][:limit]
            of_kept = np.concatenate([of_kept, labels])[stays][:limit]
            start = stop
    return rows[kept], of_kept


def place_in_group(groups: np.ndarray) -> np.ndarray:
    """For each place how many before it are of its group."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    found = np.empty_like(order)
    found[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered, side="left")
    return found
