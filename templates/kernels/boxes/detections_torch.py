from typing import NamedTuple

import torch


class Detections(NamedTuple):
    """What was found: boxes (x1, y1, x2, y2) as f32[found, 4], their scores and class ids."""

    boxes: torch.Tensor
    scores: torch.Tensor
    classes: torch.Tensor
