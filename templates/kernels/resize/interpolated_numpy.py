import numpy as np

from kernels.resize.whole_sums_numpy import whole_sums
from kernels.resize.whole_taps_numpy import ColumnBands, RowTaps, column_bands, row_taps


def interpolated(x: np.ndarray, rows: RowTaps, columns: ColumnBands) -> np.ndarray:
    """Linear interpolation of uint8 with 11-bit weights, as OpenCV does."""
    return whole_sums(x, rows, columns, interpolated_down)


def interpolated_down(lines: np.ndarray, at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The pass down, on sums without the four bits below the point that OpenCV drops."""
    both = lines.take(at, axis=0).astype(np.int32)
    both *= weights
    both >>= 16
    total: np.ndarray = both[0]
    total += both[1]
    total += 2
    total >>= 2
    return total


def interpolated_rows(place: np.ndarray, fraction: np.ndarray, source: int) -> RowTaps:
    """The taps at these places; beyond the edge a row keeps its weights."""
    return row_taps(*linear_taps(place, fraction, source))


def interpolated_columns(place: np.ndarray, fraction: np.ndarray, source: int) -> ColumnBands:
    """The same with sums in units of 16; beyond the edge its pixel alone counts."""
    inside = (place >= 0) & (place < source - 1)
    index, weights = linear_taps(place, np.where(inside, fraction, np.float32(0)), source)
    return column_bands(index, weights / np.float32(16))


def linear_taps(
    place: np.ndarray, fraction: np.ndarray, source: int
) -> tuple[np.ndarray, np.ndarray]:
    """For each target two source pixels, and their weights in units of 1/2048."""
    unit = np.float32(2048)
    weights = np.rint((np.float32(1) - fraction) * unit), np.rint(fraction * unit)
    return np.stack([place, place + 1]).clip(0, source - 1), np.stack(weights).astype(np.int32)
