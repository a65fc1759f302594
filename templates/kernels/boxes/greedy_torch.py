import torch

from kernels.boxes.candidates_torch import best_candidates, best_first, every_candidate
from kernels.boxes.overlaps_torch import overlap, overlaps, sides


def greedy(
    boxes: torch.Tensor,
    scores: torch.Tensor,
    ids: torch.Tensor | None,
    score: float,
    iou: float,
    per_class: bool,
    limit: int,
    every_label: bool,
    candidates: int | None,
    limit_per_class: int | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The rows that non-maximum suppression keeps of one sample, best first, and their columns.

    What is sorted and looked at is no more than needed: candidates come by the thousand, and 256
    of them at a time meet those that are kept and each other, those of one class alone.
    """
    if every_label:
        places, values = every_candidate(scores, score)
    else:
        places, values = best_candidates(scores, score)
    rows = places // scores.shape[1]
    left = torch.arange(rows.shape[0], device=rows.device)
    if candidates is not None:
        left = values.sort(stable=True, dim=0, descending=True)[1][:candidates].sort()[0]
    kept, of_kept, groups = left[:0], left[:0], left[:0]
    while left.shape[0] > 0 and kept.shape[0] < limit:
        now, left = best_first(values, left)
        if every_label:
            of_now = places[now] % scores.shape[1]
        else:
            of_now = (scores[rows[now]] == values[now][:, None]).to(torch.uint8).argmax(1)
        start = 0
        while start < now.shape[0] and kept.shape[0] < limit:
            block, labels = now[start : start + 256], of_now[start : start + 256]
            start += 256
            if per_class:
                new = labels if ids is None else ids[rows[block]]
            else:
                new = torch.zeros_like(block)
            pool, both = torch.cat([kept, block]), torch.cat([groups, new])
            of_pool = boxes[rows[pool]]
            of_block = of_pool[kept.shape[0] :]
            if per_class:
                hits = both[:, None] == new
                first, second = hits.nonzero().unbind(1)
                pairs = sides(of_pool[first]), sides(of_block[second])
                hits[first, second] = overlap(pairs[0], pairs[1], iou)
            else:
                hits = overlaps(of_pool, of_block, iou)
            free = ~hits[: kept.shape[0]].any(dim=0)
            hits = hits[kept.shape[0] :].triu(1)
            alive = free
            settled = False
            while not settled:  # to the fixed point, which is the greedy choice
                still = free & ~(hits & alive[:, None]).any(dim=0)
                settled = bool((still == alive).all())
                alive = still
            stays = torch.cat([torch.ones_like(kept, dtype=torch.bool), alive])
            if limit_per_class is not None:
                of_class = both[stays]
                alike = (of_class[:, None] == of_class).tril(-1)
                stays[stays.clone()] = alike.sum(dim=1) < limit_per_class
            kept, groups = pool[stays][:limit], both[stays][:limit]
            of_kept = torch.cat([of_kept, labels])[stays][:limit]
    return rows[kept], of_kept
