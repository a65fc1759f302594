import numpy as np


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def newton_step(
    x: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    scores: np.ndarray,
    udp: bool,
    kernel: list[float],
) -> np.ndarray:
    """From places (column, row) of maps [..., h, w] to the peaks of their blurred logarithms."""
    h, w = x.shape[-2:]
    blurred = blurred_maps(x, kernel)
    highest = blurred.max((-2, -1))
    near = []
    for dy in range(-2, 3):
        for dx in range(-2, 3):
            at = np.clip(rows + dy, 0, h - 1) * w + np.clip(columns + dx, 0, w - 1)
            flat = blurred.reshape(*x.shape[:-2], h * w)
            found = np.take_along_axis(flat, at[..., None], -1)[..., 0] * (scores / highest)
            if udp:
                found = np.minimum(np.maximum(found, 1e-3), 50)
            near.append(np.log(np.maximum(found, 1e-10)))
    middle = near[12]
    dx, dy = 0.5 * (near[13] - near[11]), 0.5 * (near[17] - near[7])
    inside = np.isfinite(scores) & (highest > 0)
    if udp:
        dxx = near[13] - 2 * middle + near[11] + 2.0**-23
        dyy = near[17] - 2 * middle + near[7] + 2.0**-23
        dxy = near[18] - near[13] - near[17] + middle
        dxy = 0.5 * (dxy + middle - near[11] - near[7] + near[6])
    else:
        dxx = 0.25 * (near[14] - 2 * middle + near[10])
        dyy = 0.25 * (near[22] - 2 * middle + near[2])
        dxy = 0.25 * (near[18] - near[8] - near[16] + near[6])
        inside &= (columns > 1) & (columns < w - 2) & (rows > 1) & (rows < h - 2)
    area = dxx * dyy - dxy * dxy
    step = np.stack([dxy * dy - dyy * dx, dxy * dx - dxx * dy], -1) / area[..., None]
    return np.where((inside & (area != 0))[..., None], step, 0)


def blurred_maps(x: np.ndarray, kernel: list[float]) -> np.ndarray:
    """Maps, with 0 round them and for what is not finite, blurred along both axes in float64."""
    reach, (h, w) = len(kernel) // 2, x.shape[-2:]
    around = [(0, 0)] * (x.ndim - 2) + [(reach, reach)] * 2
    padded = np.pad(np.where(np.isfinite(x), x, 0).astype(np.float64), around)
    across: np.ndarray = np.zeros((*padded.shape[:-1], w))
    for i, k in enumerate(kernel):
        across += k * padded[..., i : i + w]
    found: np.ndarray = np.zeros(x.shape)
    for i, k in enumerate(kernel):
        found += k * across[..., i : i + h, :]
    return found
