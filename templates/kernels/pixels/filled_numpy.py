import numpy as np


def filled(out: np.ndarray, x: np.ndarray) -> np.ndarray:
    """`out`, into which `x` is written, one channel at a time where its memory is that of planes.

    numpy is slow where its innermost loop runs over three channels.
    """
    if x.ndim == 3 and x.strides[2] > x.strides[1]:
        for channel in range(x.shape[2]):
            out[:, :, channel] = x[:, :, channel]
    else:
        out[...] = x
    return out
