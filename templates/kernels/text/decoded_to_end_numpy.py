import numpy as np

from kernels.scores.largest_numpy import largest
from kernels.text.kept_confidence_numpy import kept_confidence


def decoded_to_end(
    x: np.ndarray, over: int, end: int, product: bool, with_end: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ids of characters up to the first step whose best class is the end, with their scores,
    and the confidence. Characters are counted without the end.
    """
    scores, ids = largest(x, over)
    ends = np.cumsum(ids == end)
    kept = ends == 0
    found = ids[kept]
    counted = ends == (ids == end) if with_end else kept
    return found - (found > end), scores[kept], kept_confidence(scores, counted, product)
