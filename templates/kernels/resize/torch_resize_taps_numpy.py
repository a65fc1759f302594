import numpy as np

from kernels.resize.torch_weights_numpy import (
    torch_near,
    torch_place_f32,
    torch_weights_antialias_f32,
    torch_windows_f32,
)


@np.errstate(over="ignore", invalid="ignore")  # infinite pixels, and huge ones
def torch_resize_taps(x: np.ndarray, h: int, w: int, filter_: str, antialias: bool) -> np.ndarray:
    """torch's interpolation of float32 pixel by pixel, also of those that it takes with weight 0.

    So what is not finite gets where torch's own kernels carry it, and no further.
    """
    for axis, target in ((1, w), (0, h)):
        source, inside = x.shape[axis], np.ones((4, 1), bool)
        if antialias:
            if source == target:
                continue
            start, weights = torch_weights_antialias_f32(source, target, filter_)
            _, end, _ = torch_windows_f32(source, target, filter_)
            at = start + np.arange(len(weights))[:, None]
            inside = at < end
            at = np.minimum(at, end - 1)
        elif source == target and filter_ == "bilinear":
            at, weights = np.arange(source)[None].repeat(2, 0), np.array([[1.0], [0.0]])
        else:
            at, weights = torch_near(torch_place_f32(source, target), source, filter_)
            at = at.clip(0, source - 1)
        shape = (-1, *[1] * (x.ndim - 1 - axis))
        total = np.zeros((), np.float64)
        for k in range(len(at)):
            part = x.take(at[k], axis) * weights[k].reshape(shape)
            total = total + np.where(inside[k].reshape(shape), part, 0)
        x = total
    return x.astype(np.float32)
