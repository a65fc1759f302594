"""How far two arrays are apart."""

from __future__ import annotations

from procdsl.lazy import np


def largest(found: np.ndarray, wanted: np.ndarray) -> float:
    """The largest difference of two numbers; 0 for the same bits, of which all NaN are one.

    It is infinite where dtype or shape differ, or where only one of the two is NaN.
    """
    if found.dtype != wanted.dtype or found.shape != wanted.shape:
        return np.inf
    if not found.size:
        return 0.0
    if found.dtype.kind != "f":
        return float(np.abs(found.astype(np.float64) - wanted.astype(np.float64)).max())
    lost = np.isnan(found) != np.isnan(wanted)
    same = (found == wanted) | np.isnan(wanted)
    with np.errstate(invalid="ignore"):
        apart = np.abs(found.astype(np.float64) - wanted.astype(np.float64))
    apart = np.where(lost, np.inf, np.where(same, 0.0, apart))
    signs = same & (np.signbit(found) != np.signbit(wanted)) & ~np.isnan(wanted)
    return float(max(apart.max(), np.finfo(found.dtype).tiny if signs.any() else 0.0))
