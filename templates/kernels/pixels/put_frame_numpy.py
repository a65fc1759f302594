from collections.abc import Iterator

import numpy as np

from kernels.checks.check_out_numpy import check_out


def frames_or_one(x: np.ndarray) -> Iterator[np.ndarray]:
    """The frames of `x`; of none one of zeros, which tells how large they would be."""
    return iter(x) if len(x) else iter(np.zeros((1, *x.shape[1:]), x.dtype))


def frame_of(clip: np.ndarray, i: int, axis: int) -> np.ndarray | None:
    """The memory of frame `i`, once the first one has told how large the clip is."""
    return np.moveaxis(clip, axis, 0)[i] if i > 0 else None


def put_frame(
    clip: np.ndarray, frame: np.ndarray, i: int, x: np.ndarray, axis: int, out: np.ndarray | None
) -> np.ndarray:
    """The clip made of the frames of `x`, with its frame `i`; in `out`, where that can be."""
    if i == 0:
        shape = (*frame.shape[:axis], len(x), *frame.shape[axis:])
        if out is not None:
            check_out("out", out, shape, frame.dtype)
        if out is None or np.may_share_memory(x, out):
            out = np.empty(shape, frame.dtype)
        clip = out
    if clip.size == 0:
        return clip
    place = np.moveaxis(clip, axis, 0)[i]
    if not np.may_share_memory(place, frame):  # else it was written there
        place[...] = frame
    return clip
