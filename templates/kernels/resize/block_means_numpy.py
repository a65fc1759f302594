from collections.abc import Callable

import numpy as np


def block_means(
    x: np.ndarray, fy: int, fx: int, divided: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """The sum of each block of fy x fx values of uint8, divided; in memory, plane after plane.

    numpy is slow where its innermost loop runs over three channels, or leaps over values: what is
    next to each other is summed up for all pixels, by twos, before those that are left are picked.
    """
    image = x if x.ndim == 3 else x[:, :, None]
    h, w, c = image.shape[0] // fy, image.shape[1] // fx, image.shape[2]
    dtype = np.uint16 if 255 * fy * fx < 2**16 else np.uint32
    planes = np.empty((c, h, w), np.uint8)
    step = max(1, min(h, 2**18 // image[0].size))
    below, beside = np.empty((2, step, fx * w, c), dtype)
    total = np.empty((step, w), dtype)
    for start in range(0, h, step):
        lines = image[fy * start : fy * (start + step)]
        count = len(lines) // fy
        sums, others, means = below[:count], beside[:count], total[:count]
        sums[...] = lines[::fy]
        for row in range(1, fy):
            others[...] = lines[row::fy]
            sums += others
        near = 1
        while fx % (2 * near) == 0:
            values, reach = sums.reshape(-1), near * c
            np.add(values[:-reach], values[reach:], out=others.reshape(-1)[:-reach])
            sums, others, near = others, sums, 2 * near
        for channel, plane in enumerate(planes):
            means[...] = sums[:, ::fx, channel]
            for column in range(near, fx, near):
                means += sums[:, column::fx, channel]
            plane[start : start + step] = divided(means)
    return planes.transpose(1, 2, 0) if x.ndim == 3 else planes[0]
