import torch

from kernels.boxes.overlaps_torch import overlaps
from kernels.scores.best_first_torch import best_first


def greedy(
    boxes: torch.Tensor,
    scores: torch.Tensor,
    score: float,
    iou: float,
    per_class: bool,
    limit: int,
    every_label: bool,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The rows and classes that non-maximum suppression keeps of one sample, best first.

    It goes over blocks of 256 candidates.
    """
    rows, classes = best_first(scores, score, every_label)
    kept = rows[:0]
    for start in range(0, rows.shape[0], 256):
        block = torch.arange(start, min(start + 256, rows.shape[0]), device=rows.device)
        pool = torch.cat([kept, block])
        hits = overlaps(boxes[rows[pool]], boxes[rows[block]], iou)
        if per_class:
            hits = hits & (classes[pool][:, None] == classes[block])
        free = ~hits[: kept.shape[0]].any(dim=0)
        hits = hits[kept.shape[0] :].triu(1)
        alive = free
        settled = False
        while not settled:  # to the fixed point, which is the greedy choice
            still = free & ~(hits & alive[:, None]).any(dim=0)
            settled = bool((still == alive).all())
            alive = still
        kept = torch.cat([kept, block[alive]])[:limit]
        if kept.shape[0] == limit:
            break
    return rows[kept], classes[kept]
