import numpy as np


@np.errstate(invalid="ignore", divide="ignore", over="ignore")  # a NaN overlaps nothing
def overlapping(
    boxes: np.ndarray, rows: np.ndarray, groups: np.ndarray, known: int, iou: float
) -> tuple[np.ndarray, np.ndarray]:
    """Which of these rows of boxes share more than `iou` of their union, of one group two by two.

    Each is with a later one, and of the first `known` none is with another of these. The pairs of
    a group come in the order of the first of the two.
    """
    order = groups.argsort(kind="stable")
    first, second = pairs(order, groups[order], known)
    sides = boxes.T[:, rows[order]]
    areas = (sides[2] - sides[0]) * (sides[3] - sides[1])
    a, b = sides.take(first, axis=1), sides.take(second, axis=1)
    inter = np.minimum(a[2:], b[2:])
    inter -= np.maximum(a[:2], b[:2])
    w, h = np.maximum(inter, np.float32(0), out=inter)
    w *= h
    share = areas[first]
    share += areas[second]
    share -= w
    np.divide(w, share, out=share)
    (hit,) = (share > iou).nonzero()
    return order[first[hit]], order[second[hit]]


def pairs(order: np.ndarray, ordered: np.ndarray, known: int) -> tuple[np.ndarray, np.ndarray]:
    """Each place in an order by groups with every later one of its group that is not known.

    Known are the first `known` things that are ordered, which come first in their groups.
    """
    start = np.arange(1, len(order) + 1)
    ends = ordered.searchsorted(ordered, side="right")
    if known > 0:  # behind those of the group
        before = (order < known).cumsum()
        start += before[ends - 1] - before
    counts = ends - start
    first = np.arange(len(order)).repeat(counts)
    second = (ends - counts.cumsum()).repeat(counts)
    second += np.arange(len(first))
    return first, second
