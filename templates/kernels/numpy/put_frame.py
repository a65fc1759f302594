import numpy as np


def put_frame(clip: np.ndarray, frame: np.ndarray, i: int, count: int, axis: int) -> np.ndarray:
    """The clip of `count` frames with its frame `i`; the first one tells how large it is."""
    if i == 0:
        clip = np.empty((*frame.shape[:axis], count, *frame.shape[axis:]), frame.dtype)
    np.moveaxis(clip, axis, 0)[i] = frame
    return clip
