from typing import NamedTuple

import numpy as np


class LinearTaps(NamedTuple):
    """For each target pixel two source pixels, and their weights in units of 1/2048."""

    first: np.ndarray
    second: np.ndarray
    first_weight: np.ndarray
    second_weight: np.ndarray

    def part(self, start: int, end: int) -> "LinearTaps":
        """Those of some of the target pixels."""
        return LinearTaps(*(numbers[start:end] for numbers in self))


def row_taps(place: np.ndarray, fraction: np.ndarray, source: int) -> LinearTaps:
    """The taps at these places; beyond the edge a row keeps its weights."""
    unit = np.float32(2048)
    weights = np.rint((np.float32(1) - fraction) * unit), np.rint(fraction * unit)
    first, second = weights[0].astype(np.int32), weights[1].astype(np.int32)
    return LinearTaps(place.clip(0, source - 1), (place + 1).clip(0, source - 1), first, second)


def column_taps(place: np.ndarray, fraction: np.ndarray, source: int, channels: int) -> LinearTaps:
    """The taps of each value in a row of pixels; beyond the edge the edge's pixel alone counts."""
    inside = (place >= 0) & (place < source - 1)
    taps = row_taps(place, np.where(inside, fraction, np.float32(0)), source)
    spread = np.arange(channels)
    first, second = ((n[:, None] * channels + spread).ravel() for n in taps[:2])
    return LinearTaps(first, second, *(weights.repeat(channels) for weights in taps[2:]))
