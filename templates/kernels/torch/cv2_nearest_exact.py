import torch

from kernels.common.nearest_exact_places import nearest_exact_places


def cv2_nearest_exact(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV 5's INTER_NEAREST_EXACT."""
    rows = torch.tensor(nearest_exact_places(x.shape[0], h), dtype=torch.int64, device=x.device)
    columns = torch.tensor(nearest_exact_places(x.shape[1], w), dtype=torch.int64, device=x.device)
    return x.index_select(0, rows).index_select(1, columns)
