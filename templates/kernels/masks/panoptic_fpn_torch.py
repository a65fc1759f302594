import torch

from kernels.graphs.open_sizes_torch import refuse_open


def panoptic_fpn(
    masks: torch.Tensor,
    scores: torch.Tensor,
    labels: torch.Tensor,
    classes: int,
    score: float,
    overlap: float,
    area: int,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """For each pixel the number of its segment, and those of objects and of labels; 0 is none."""
    refuse_open("objects one by one", [masks.shape[-3]])
    usable = torch.where(scores.isnan(), torch.full_like(scores, float("-inf")), scores)
    values, order = usable.sort(stable=True, dim=-1, descending=True)
    sure = values.to(torch.float64) >= score
    segments, ids = torch.zeros_like(labels), torch.zeros_like(order)
    count = torch.zeros_like(labels[..., 0, 0])
    plane = list(labels.shape[:-2]) + [1, labels.shape[-2], labels.shape[-1]]
    for i in range(masks.shape[-3]):
        place = order[..., i : i + 1, None, None].expand(plane)
        mask = masks.gather(-3, place).squeeze(-3)
        free = mask & (segments == 0)
        own, left = mask.flatten(-2).sum(-1), free.flatten(-2).sum(-1)
        shared = (own - left).to(torch.float64) / own.to(torch.float64)
        kept = sure[..., i] & (shared <= overlap)
        count = count + kept.to(torch.int64)
        ids[..., i] = torch.where(kept, count, torch.zeros_like(count))
        segments = torch.where(free & kept[..., None, None], count[..., None, None], segments)
    of_object = torch.zeros_like(ids).scatter(-1, order, ids)
    free = (segments == 0) & (labels > 0) & (labels < classes)
    label = torch.where(free, labels, torch.zeros_like(labels)).flatten(-2)
    none = torch.zeros(list(label.shape[:-1]) + [classes], dtype=torch.int64, device=label.device)
    there = none.scatter_add(-1, label, torch.ones_like(label)) >= area
    there = there & (torch.arange(classes, device=label.device) > 0)
    of_class = torch.where(there, count[..., None] + there.cumsum(-1), none)
    of_label = of_class.gather(-1, label).reshape(labels.shape)
    return torch.where(free, of_label, segments), of_object, of_class
