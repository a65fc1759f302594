import numpy as np


@np.errstate(all="ignore")  # points may be one, or no numbers
def align_matrix(
    points: np.ndarray, x: tuple[float, ...], y: tuple[float, ...], middle: tuple[float, float]
) -> np.ndarray:
    """The similarity [2, 3] that brings points (x, y) closest to places, by the least squares.

    The places are given less their `middle`.
    """
    px, py = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
    mx, my = added_up(px) / len(x), added_up(py) / len(x)
    px, py = px - mx, py - my
    spread = added_up(px * px + py * py)
    a = added_up(px * x + py * y) / spread
    b = added_up(px * y - py * x) / spread
    rows = [a, -b, middle[0] - (a * mx - b * my)], [b, a, middle[1] - (b * mx + a * my)]
    return np.array(rows).astype(np.float32)


def added_up(numbers: np.ndarray) -> np.float64:
    """The sum in the order of the numbers, which numpy's own is not."""
    total: np.float64 = numbers[0]
    for number in numbers[1:]:
        total = total + number
    return total
