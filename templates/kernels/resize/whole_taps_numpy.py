from typing import NamedTuple

import numpy as np

from kernels.resize.bands_numpy import Bands
from kernels.resize.bands_of_numpy import bands_of


class RowTaps(NamedTuple):
    """The source rows that are needed, and for each target row which of these, with their weights.

    `at` and `weights` are [taps, target]; rows that no target touches are not among `needed`.
    """

    needed: np.ndarray
    at: np.ndarray
    weights: np.ndarray


class ColumnBands(NamedTuple):
    """The source columns that are needed, and of these the weighted sums that are the targets."""

    needed: np.ndarray
    bands: Bands


def row_taps(index: np.ndarray, weights: np.ndarray) -> RowTaps:
    """The taps of rows, both [taps, target]; of a target they are neighbours, or the edge again."""
    needed = np.unique(index)
    return RowTaps(needed, np.searchsorted(needed, index), weights)


def column_bands(index: np.ndarray, weights: np.ndarray) -> ColumnBands:
    """The taps of columns, as those of rows: 16 targets are a matrix of float32."""
    needed, at, weights = row_taps(index, weights)
    dense = np.zeros(weights.shape, np.float32)
    np.add.at(dense, (at - at[0], np.arange(at.shape[1])), weights)
    return ColumnBands(needed, bands_of(at[0], dense, len(needed), 16))
