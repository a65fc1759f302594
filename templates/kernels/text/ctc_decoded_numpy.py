import numpy as np

from kernels.scores.largest_numpy import largest
from kernels.text.kept_confidence_numpy import kept_confidence


def ctc_decoded(
    x: np.ndarray, over: int, blank: int, product: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ids of characters that the best class of each step spells, with their scores, and the
    confidence. Characters are counted without the blank.
    """
    scores, ids = largest(x, over)
    kept = ids != blank
    kept[1:] &= ids[1:] != ids[:-1]
    found = ids[kept]
    return found - (found > blank), scores[kept], kept_confidence(scores, kept, product)
