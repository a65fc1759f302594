import numpy as np

from kernels.points.newton_step_numpy import newton_step
from kernels.scores.largest_numpy import largest


def decoded_heatmap(
    x: np.ndarray, refine: str, sides: list[float], cells: list[float], kernel: list[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Where each map [..., h, w] is largest, in a picture of these sides, and how large it is."""
    h, w = x.shape[-2:]
    maps = x.reshape(*x.shape[:-2], h * w)
    scores, index = largest(maps, -1)
    rows, columns = np.divmod(index, w)
    places = np.stack([columns, rows], -1).astype(np.float64)
    if refine == "quarter":
        across = quarter_step(maps, index, (columns > 1) & (columns < w - 1) & (rows > 0), 1)
        down = quarter_step(maps, index, (rows > 1) & (rows < h - 1) & (columns > 0), w)
        places += np.stack([across, down], -1)
    if refine in ("dark", "udp"):
        places += newton_step(x, rows, columns, scores, refine == "udp", kernel)
    places = np.where(scores[..., None] > 0, places, -1).astype(np.float32)
    return (places.astype(np.float64) * sides / cells).astype(np.float32), scores


def quarter_step(maps: np.ndarray, index: np.ndarray, inside: np.ndarray, step: int) -> np.ndarray:
    """A quarter of a place towards the larger neighbour, inside of a map [..., n]."""
    last = maps.shape[-1] - 1
    after = np.take_along_axis(maps, np.minimum(index + step, last)[..., None], -1)[..., 0]
    before = np.take_along_axis(maps, np.maximum(index - step, 0)[..., None], -1)[..., 0]
    return 0.25 * ((after > before) & inside) - 0.25 * ((after < before) & inside)
