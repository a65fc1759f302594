import torch

from kernels.resize.nearest_exact_places import nearest_exact_places
from kernels.resize.picked_pixels_torch import picked_pixels
from kernels.runtime.remembered_torch import remembered


def cv2_nearest_exact(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV 5's INTER_NEAREST_EXACT."""
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        rows = nearest_exact_index(x.shape[-3], h, x.device)
        columns = nearest_exact_index(x.shape[-2], w, x.device)
    else:
        rows = remembered(nearest_exact_index, x.shape[-3], h, x.device)
        columns = remembered(nearest_exact_index, x.shape[-2], w, x.device)
    return picked_pixels(x, rows, columns)


def nearest_exact_index(source: int, target: int, device: torch.device) -> torch.Tensor:
    """The source index of each target pixel."""
    return torch.tensor(nearest_exact_places(source, target), dtype=torch.int64, device=device)
