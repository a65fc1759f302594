import numpy as np


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def pasted_masks(masks: np.ndarray, boxes: np.ndarray, h: int, w: int, by: str) -> np.ndarray:
    """Masks [n, h, w] in a picture of this size, each where its box is; elsewhere 0."""
    ringed = np.pad(masks, ((0, 0), (1, 2), (1, 2)))
    columns, across = mask_places(boxes, boxes[:, 0::2], masks.shape[2], w, by)
    rows, down = mask_places(boxes, boxes[:, 1::2], masks.shape[1], h, by)
    found: np.ndarray = np.zeros((len(masks), h, w), np.float32)
    one = np.float32(1)
    for i, mask in enumerate(ringed):
        (y,), (x,) = np.nonzero(rows[i] <= masks.shape[1]), np.nonzero(columns[i] <= masks.shape[2])
        if not len(y) or not len(x):
            continue
        top, left = slice(y[0], y[-1] + 1), slice(x[0], x[-1] + 1)
        places, t = columns[i, left], across[i, left]
        part = mask[:, places] * (one - t) + mask[:, places + 1] * t
        places, t = rows[i, top], down[i, top, None]
        found[i, top, left] = part[places] * (one - t) + part[places + 1] * t
    return found


def mask_places(
    boxes: np.ndarray, ends: np.ndarray, of: int, size: int, by: str
) -> tuple[np.ndarray, np.ndarray]:
    """Along an axis for each pixel the first of two places in a mask with 0 round it, and the share
    of the second; outside of the box both are behind the mask."""
    one, half, two = np.float32(1), np.float32(0.5), np.float32(2)
    first, last = ends[:, :1], ends[:, 1:]
    pixels = np.arange(size, dtype=np.float32)
    if by == "torchvision":
        middle = (last + first) * half
        reach = (last - first) * half * np.float32((of + 2) / of)
        start, end = np.trunc(middle - reach), np.trunc(middle + reach)
        scale = np.float32(of + 2) / np.maximum(end - start + one, one)
        at = np.maximum((pixels - start + half) * scale - half, np.float32(0))
        inside = (pixels >= start) & (pixels <= end)
    else:
        grid = (pixels + half - first) / (last - first) * two - one
        at = ((grid + one) * np.float32(of) - one) / two + one
        inside = (at > 0) & (at < of + 1) & (first < last)
    inside = inside & (np.abs(boxes) <= 16777216).all(-1, keepdims=True)
    at = np.where(inside, at, np.float32(of + 1))
    place = np.floor(at)
    return place.astype(np.int64), at - place
