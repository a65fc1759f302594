import numpy as np

from kernels.boxes.rotated_shares_numpy import polygon_shares, probiou_shares


def lowered(
    box: np.ndarray,
    boxes: np.ndarray,
    values: np.ndarray,
    measure: str,
    bound: float,
    sigma: float,
) -> np.ndarray:
    """What a box leaves of the scores of others [n]; NaN of those that it drops."""
    if measure == "polygon":
        hit = polygon_shares(box, boxes).astype(np.float64) > bound
        return np.where(hit, np.float32(np.nan), values)
    if measure == "probiou":
        hit = probiou_shares(box, boxes).astype(np.float64) > bound
        return np.where(hit, np.float32(np.nan), values)
    share = upright_shares(box, boxes)
    if measure == "linear":
        hit = share.astype(np.float64) > bound
        return values * np.where(hit, np.float32(1) - share, np.float32(1))
    square = share.astype(np.float64) * share.astype(np.float64)
    left = np.exp(-square / sigma).astype(np.float32)
    return values * np.where(np.isnan(left), np.float32(1), left)


def upright_shares(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The intersection over union of a box with others, (x1, y1, x2, y2)."""
    x1, y1, x2, y2 = boxes.T
    w = np.minimum(box[2], x2) - np.maximum(box[0], x1)
    h = np.minimum(box[3], y2) - np.maximum(box[1], y1)
    inter = np.maximum(w, np.float32(0)) * np.maximum(h, np.float32(0))
    area = (box[2] - box[0]) * (box[3] - box[1])
    share: np.ndarray = inter / ((area + (x2 - x1) * (y2 - y1)) - inter)
    return share
