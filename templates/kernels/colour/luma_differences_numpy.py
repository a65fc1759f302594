import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def luma_differences(
    x: np.ndarray, red: int, blue_at: int, to_red: int, to_blue: int
) -> np.ndarray:
    """OpenCV's luma and two differences of uint8 [h, w, 3], in weights of 14 bits.

    Red is the channel `red` of `x`; the difference of blue becomes the channel `blue_at`.
    """
    converted = np.empty(x.shape, np.uint8)
    for rows in row_slices(*x.shape[:2]):
        r, g, b = (x[rows, :, i].astype(np.int32) for i in (red, 1, 2 - red))
        y = r * 4899
        g *= 9617
        y += g
        np.multiply(b, 1868, out=g)
        y += g
        y += 1 << 13
        y >>= 14
        converted[rows, :, 0] = y
        for plane, weight, at in ((r, to_red, 3 - blue_at), (b, to_blue, blue_at)):
            plane -= y
            plane *= weight
            plane += (128 << 14) + (1 << 13)
            plane >>= 14
            converted[rows, :, at] = plane.clip(0, 255, out=plane)
    return converted


def luma_differences_to_rgb(
    x: np.ndarray, red: int, blue_at: int, weights: tuple[int, int, int, int]
) -> np.ndarray:
    """The way back; `weights` of red for R, of red and blue for G, of blue for B."""
    converted = np.empty(x.shape, np.uint8)
    for rows in row_slices(*x.shape[:2]):
        y, of_blue, of_red = (x[rows, :, i].astype(np.int32) for i in (0, blue_at, 3 - blue_at))
        of_red -= 128
        of_blue -= 128
        green = of_red * weights[1]
        green += of_blue * weights[2]
        of_red *= weights[0]
        of_blue *= weights[3]
        for plane, at in ((of_red, red), (green, 1), (of_blue, 2 - red)):
            plane += 1 << 13
            plane >>= 14
            plane += y
            converted[rows, :, at] = plane.clip(0, 255, out=plane)
    return converted
