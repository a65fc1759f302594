import torch


def cv2_nearest(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_NEAREST."""
    rows = cv2_nearest_places(x.shape[0], h, x)
    return x.index_select(0, rows).index_select(1, cv2_nearest_places(x.shape[1], w, x))


def cv2_nearest_places(source: int, target: int, like: torch.Tensor) -> torch.Tensor:
    """The source index of each target pixel."""
    place = torch.arange(target, dtype=torch.float64, device=like.device) * (1 / (target / source))
    return place.floor().to(torch.int64).clamp(max=source - 1)
