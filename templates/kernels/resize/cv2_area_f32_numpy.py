import numpy as np

from kernels.resize.cv2_area_passes_numpy import cv2_area_passes
from kernels.resize.cv2_area_places_numpy import cv2_area_places
from kernels.resize.halved_f32_numpy import halved_f32
from kernels.resize.interpolated_f32_numpy import interpolated_f32


@np.errstate(over="ignore", invalid="ignore")  # infinities of both signs
def cv2_area_f32(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_AREA on float32."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x.copy()
    if h > sh or w > sw:
        return interpolated_f32(x, cv2_area_places(sh, h), cv2_area_places(sw, w))
    if (sh, sw) == (2 * h, 2 * w):
        return halved_f32(x)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        parts = [x[i::fy, j::fx] for i in range(fy) for j in range(fx)]
        total = np.zeros_like(parts[0])
        whole = len(parts) - len(parts) % 4
        for k in range(0, whole, 4):  # added by fours, as OpenCV does
            total += ((parts[k] + parts[k + 1]) + parts[k + 2]) + parts[k + 3]
        for part in parts[whole:]:
            total += part
        total *= np.float32(1 / len(parts))
        return total
    return cv2_area_passes(x, h, w)
