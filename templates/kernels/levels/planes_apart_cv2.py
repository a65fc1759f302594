import numpy as np


def planes_apart(h: int, w: int, c: int) -> list[np.ndarray]:
    """Memory for the channels of uint8 [h, w, c], each as [h, w].

    They lie 16 bytes apart modulo 64: where planes are aligned alike, `cv2.split` writes past the
    cache, in which they are looked for next.
    """
    memory = np.empty((c, h * w + (16 - h * w) % 64), np.uint8)
    return list(memory[:, : h * w].reshape(c, h, w))
