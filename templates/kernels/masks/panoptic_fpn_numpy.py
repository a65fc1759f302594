import numpy as np


def panoptic_fpn(
    masks: np.ndarray,
    scores: np.ndarray,
    labels: np.ndarray,
    classes: int,
    score: float,
    overlap: float,
    area: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each pixel the number of its segment, and those of objects and of labels; 0 is none."""
    segments = np.zeros(labels.shape, np.int64)
    of_object, of_class = np.zeros(len(scores), np.int64), np.zeros(classes, np.int64)
    count = 0
    for i in np.argsort(-scores, kind="stable"):
        mask = masks[i]
        free = mask & (segments == 0)
        own, left = np.count_nonzero(mask), np.count_nonzero(free)
        if not scores[i].astype(np.float64) >= score or not own or (own - left) / own > overlap:
            continue
        count += 1
        of_object[i] = count
        segments[free] = count
    free = (segments == 0) & (labels > 0) & (labels < classes)
    there = np.bincount(labels[free], minlength=classes) >= area
    of_class[there] = count + 1 + np.arange(np.count_nonzero(there))
    segments[free] = of_class[labels[free]]
    return segments, of_object, of_class
