import torch

from kernels.boxes.candidates_torch import best_candidates, best_first, every_candidate
from kernels.boxes.overlapping_torch import kept_of_classes
from kernels.boxes.overlaps_torch import overlaps


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

    What is sorted and looked at is no more than needed: of the candidates first the best 512, then
    twice as many, and so on. Twice as many at a time as are still wanted meet those that are kept
    and each other, of one class alone.
    """
    if every_label:
        rows, columns, values = every_candidate(scores, score)
    else:
        scores, rows, values = best_candidates(scores, score)
        columns = rows  # instead: those of a block are looked up in their turn
    if candidates is not None:
        some = values.sort(stable=True, dim=0, descending=True)[1][:candidates].sort()[0]
        rows, columns, values = rows[some], columns[some], values[some]
    kept, of_kept = rows[:0], rows[:0]
    most = 512
    more = rows.shape[0] > 0
    while more and kept.shape[0] < limit:
        now = best_first(values, most)
        most *= 2
        start = 0
        while start < now.shape[0] and kept.shape[0] < limit:
            wanted = min(512, max(64, 2 * (limit - kept.shape[0])))
            chosen = now[start : start + min(wanted, (1 << 20) // (512 + kept.shape[0]))]
            start += chosen.shape[0]
            block = rows.index_select(0, chosen)
            labels = columns.index_select(0, chosen) if every_label else scores[block].argmax(1)
            pool, of_pool = torch.cat([kept, block]), torch.cat([of_kept, labels])
            groups = of_pool if ids is None else ids.index_select(0, pool)
            if per_class:
                alive = kept_of_classes(boxes[pool], groups, kept.shape[0], iou)
            else:
                alive = kept_of_all(boxes[pool], kept.shape[0], iou)
            stays = alive.nonzero()[:, 0]
            if limit_per_class is not None:
                of_class = groups.index_select(0, stays)
                alike = (of_class[:, None] == of_class).tril(-1)
                stays = stays[alike.sum(dim=1) < limit_per_class]
            stays = stays[:limit]
            kept, of_kept = pool.index_select(0, stays), of_pool.index_select(0, stays)
        more = now.shape[0] < rows.shape[0]
        if more and kept.shape[0] < limit:
            left = (values < values[now[-1]]).nonzero()[:, 0]
            rows, columns, values = rows[left], columns[left], values[left]
    return kept, of_kept


def kept_of_all(boxes: torch.Tensor, known: int, iou: float) -> torch.Tensor:
    """What `kept_of_classes` gives of one group: each box meets all those that are not known."""
    hits = overlaps(boxes, boxes[known:], iou).to(torch.float32)
    dropped, later = hits[:known].sum(0), hits[known:].triu(1)
    before, alive = torch.zeros_like(dropped), (dropped == 0).to(torch.float32)
    while not torch.equal(before, alive):
        before = alive
        alive = (dropped + before @ later).eq_(0)
    return torch.cat([torch.ones([known], device=boxes.device), alive])
