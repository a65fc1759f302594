import numpy as np


def halved(x: np.ndarray) -> np.ndarray:
    """The mean of each 2 x 2 block of uint8, rounded half up; in memory, plane after plane.

    numpy is slow where its innermost loop runs over three channels.
    """
    image = x if x.ndim == 3 else x[:, :, None]
    h, w, c = image.shape[0] // 2, image.shape[1] // 2, image.shape[2]
    planes = np.empty((c, h, w), np.uint8)
    step = max(1, min(h, 2**17 // (w * c)))
    pairs, total = np.empty((step, 2 * w, c), np.uint16), np.empty((step, w), np.uint16)
    for start in range(0, h, step):
        lines = image[2 * start : 2 * (start + step)]
        count = len(lines) // 2
        sums, means = pairs[:count], total[:count]
        np.add(lines[::2], lines[1::2], out=sums, dtype=np.uint16)
        for channel, plane in enumerate(planes):
            np.add(sums[:, ::2, channel], sums[:, 1::2, channel], out=means)
            means += 2
            means >>= 2
            plane[start : start + step] = means
    return planes.transpose(1, 2, 0) if x.ndim == 3 else planes[0]
