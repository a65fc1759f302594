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

    Beside them stands for each in which column its score is. What is sorted and looked at is no
    more than needed: of the candidates first the best 512, then twice as many, and so on. Twice as
    many at a time as are still wanted meet those that are kept and each other, of one class alone.

    Bounds are the largest float32 that are not above those of the step: the same scores are above.
    """
    if every_label:
        rows, columns, values = every_candidate(scores, score)
    else:
        scores, rows, values = best_candidates(scores, score)
    if candidates is not None:
        some = np.sort(np.argsort(-values, kind="stable")[:candidates])
        rows, values = rows[some], values[some]
        if every_label:
            columns = columns[some]
    kept = of_kept = rows[:0]
    most = 512
    more = len(rows) > 0
    while more and len(kept) < limit:
        now = best_first(values, most)
        start, most = 0, 2 * most
        while start < len(now) and len(kept) < limit:
            wanted = min(512, max(64, 2 * (limit - len(kept))))
            stop = start + min(wanted, 2**20 // (512 + len(kept)))
            block = rows[now[start:stop]]
            labels = columns[now[start:stop]] if every_label else scores[block].argmax(axis=1)
            start = stop
            pool, of_pool = np.concatenate([kept, block]), np.concatenate([of_kept, labels])
            if not per_class:
                groups = np.zeros(len(pool), np.int64)
            elif ids is not None:
                groups = ids[pool]
            else:
                groups = of_pool
            alive = bytearray(b"\1") * len(pool)
            first, second = overlapping(boxes, pool, groups, len(kept), iou)
            for a, b in zip(first.tolist(), second.tolist(), strict=True):
                if alive[a]:
                    alive[b] = 0
            (stays,) = np.frombuffer(alive, np.bool_).nonzero()
            if limit_per_class is not None:
                stays = stays[place_in_group(groups[stays]) < limit_per_class]
            kept, of_kept = pool[stays[:limit]], of_pool[stays[:limit]]
        more = len(now) < len(rows)
        if more and len(kept) < limit:
            (left,) = (values < values[now[-1]]).nonzero()
            rows, values = rows[left], values[left]
            if every_label:
                columns = columns[left]
    return kept, of_kept


def place_in_group(groups: np.ndarray) -> np.ndarray:
    """For each place how many before it are of its group."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    found = np.empty_like(order)
    found[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered, side="left")
    return found
