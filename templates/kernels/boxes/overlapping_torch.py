import torch

from kernels.boxes.overlaps_torch import sides


def kept_of_classes(
    boxes: torch.Tensor, groups: torch.Tensor, known: int, iou: float
) -> torch.Tensor:
    """1 for each box that the greedy choice keeps, of one group two by two, and 0 for the others.

    A box drops the later ones that share more than `iou` of their union with it. The first `known`
    are kept and drop none of these. Greedy is the fixed point: a box stays that none drops of those
    that stay.
    """
    ordered, order = groups.sort(stable=True, dim=0)
    first, second = pairs(order, ordered, known)
    corners = sides(boxes.index_select(0, order))
    areas = (corners[2] - corners[0]) * (corners[3] - corners[1])
    a, b = corners.index_select(1, first), corners.index_select(1, second)
    inter = (torch.minimum(a[2:], b[2:]) - torch.maximum(a[:2], b[:2])).clamp(min=0)
    inter = inter[0] * inter[1]
    share = inter / (areas.index_select(0, first) + areas.index_select(0, second) - inter)
    hit = (share > iou).nonzero()[:, 0]
    first = order.index_select(0, first.index_select(0, hit))
    second = order.index_select(0, second.index_select(0, hit))
    none = torch.zeros([groups.shape[0]], device=boxes.device)
    before, alive = none, torch.ones_like(none)
    while not torch.equal(before, alive):
        before = alive
        alive = none.index_add(0, second, before.index_select(0, first)).eq_(0)
    return alive


def pairs(
    order: torch.Tensor, ordered: torch.Tensor, known: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Each place in an order by groups with every later one of its group that is not known.

    Known are the first `known` things that are ordered, which come first in their groups.
    """
    start = torch.arange(1, order.shape[0] + 1, device=order.device)
    ends = torch.searchsorted(ordered, ordered, right=True)
    if known > 0:  # behind those of the group
        before = (order < known).cumsum(0)
        start = start + before.index_select(0, ends - 1) - before
    counts = ends - start
    first = torch.repeat_interleave(counts)
    moved = (ends - counts.cumsum(0)).index_select(0, first)
    return first, torch.arange(first.shape[0], device=order.device) + moved
