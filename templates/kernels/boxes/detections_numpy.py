from typing import NamedTuple

import numpy as np


class Detections(NamedTuple):
    """What was found: boxes (x1, y1, x2, y2) as f32[found, 4], their scores and class ids."""

    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray
