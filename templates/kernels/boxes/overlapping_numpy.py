import numpy as np


@np.errstate(invalid="ignore", divide="ignore", over="ignore")  # a NaN overlaps nothing
def overlapping(
    boxes: np.ndarray, groups: np.ndarray, known: int, iou: float
) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of boxes of one group whose intersection over union is above `iou`.

    Each is with a later one, and of the first `known` boxes none is with another of these. The
    pairs of a group come in the order of the first of the two.
    """
    first, second = pairs(groups, known)
    x1, y1, x2, y2 = boxes.T
    areas = (x2 - x1) * (y2 - y1)
    w = np.minimum(x2[first], x2[second]) - np.maximum(x1[first], x1[second])
    h = np.minimum(y2[first], y2[second]) - np.maximum(y1[first], y1[second])
    inter = np.maximum(w, np.float32(0)) * np.maximum(h, np.float32(0))
    share = inter / ((areas[first] + areas[second]) - inter)
    hit = share.astype(np.float64) > iou
    return first[hit], second[hit]


def pairs(groups: np.ndarray, known: int) -> tuple[np.ndarray, np.ndarray]:
    """Each place with every later one of its group that is not among the first `known`."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    of_known = np.sort(groups[:known])
    start = np.searchsorted(ordered, ordered, side="left")
    start += np.searchsorted(of_known, ordered, side="right")
    start -= np.searchsorted(of_known, ordered, side="left")
    places = np.arange(len(groups))
    start = np.maximum(start, places + 1)
    counts = np.searchsorted(ordered, ordered, side="right") - start
    first = np.repeat(places, counts)
    second = np.arange(len(first)) + np.repeat(start - (np.cumsum(counts) - counts), counts)
    return order[first], order[second]
