from typing import NamedTuple

import numpy as np


class Bands(NamedTuple):
    """One pass of a resize, over the source pixels `low` to `high`, some target pixels at a time.

    A block is the source range that its targets need, counted from `low`, and a matrix of their
    weights, a column for each target. No block at all says that the pass is to be left out.
    """

    low: int
    high: int
    blocks: list[tuple[int, int, np.ndarray]]
    clip: bool
