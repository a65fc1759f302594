import numpy as np

from kernels.resize.cv2_area_pass_numpy import cv2_area_pass, cv2_area_taps


def cv2_area_passes(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """Both passes of OpenCV's INTER_AREA for a reduction that is no whole number: float32.

    A strip of rows is turned, so that taps are rows: numpy takes and adds rows fast, not pixels.
    """
    image = x if x.ndim == 3 else x[:, :, None]
    sh, sw, c = image.shape
    rows, columns = cv2_area_taps(sh, h), cv2_area_taps(sw, w)
    out = np.empty((h, c, w), np.float32)
    step = max(1, min(h, 2**17 * h // (sh * sw * c)))
    for start in range(0, h, step):
        index, weight = (numbers[:, start : start + step] for numbers in rows)
        low, high = index.min(), index.max() + 1
        turned = np.empty((sw, c, high - low), np.float32)
        for channel in range(c):
            turned[:, channel] = image[low:high, :, channel].T
        across = cv2_area_pass(turned, *columns).transpose(2, 1, 0)
        lines = np.add(across, np.float32(0), order="C")  # as OpenCV, which leaves no -0.0
        out[start : start + step] = cv2_area_pass(lines, index - low, weight)
    return out.transpose(0, 2, 1) if x.ndim == 3 else out[:, 0]
