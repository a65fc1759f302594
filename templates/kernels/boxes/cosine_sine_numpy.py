from math import factorial

import numpy as np


def cosine_sine(angle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of float64 angles in radians; NaN of one that is NaN or beyond 100,000.

    The nearest multiple of a quarter turn is taken off, and series are summed for the rest: sums
    and products, which have the same bits everywhere. Of a quarter turn's 33 first bits multiples
    up to 2**20 are exact.
    """
    angle = np.where(np.abs(angle) <= 1e5, angle, np.nan)
    turns = np.rint(angle * (2 / np.pi))
    rest = (angle - turns * 1.5707963267341256) - turns * 6.077100506506192e-11
    square = rest * rest
    cosine, sine = np.zeros_like(rest), np.zeros_like(rest)
    for n in range(8, -1, -1):
        cosine = cosine * square + (-1) ** n / factorial(2 * n)
        sine = sine * square + (-1) ** n / factorial(2 * n + 1)
    sine = sine * rest
    quarter = turns - 4 * np.floor(turns / 4)
    odd = (quarter == 1) | (quarter == 3)
    first, second = np.where(odd, sine, cosine), np.where(odd, cosine, sine)
    return (
        np.where((quarter == 1) | (quarter == 2), -first, first),
        np.where(quarter >= 2, -second, second),
    )
