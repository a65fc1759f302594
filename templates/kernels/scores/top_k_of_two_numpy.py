import numpy as np

from kernels.scores.top_k_numpy import top_k


def top_k_of_two(
    x: np.ndarray, k: int, axes: list[int], place: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The k largest values over two axes, along one at a place, and their index along each."""
    moved = np.moveaxis(x, axes, (-2, -1))
    m, n = moved.shape[-2:]
    values, index = top_k(moved.reshape(*moved.shape[:-2], m * n), k, -1)
    first, second, values = (np.moveaxis(a, -1, place) for a in (index // n, index % n, values))
    return values, first, second
