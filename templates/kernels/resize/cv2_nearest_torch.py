import torch

from kernels.graphs.exact_number_torch import ratio
from kernels.resize.picked_pixels_torch import picked_pixels
from kernels.runtime.remembered_torch import remembered


def cv2_nearest(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_NEAREST."""
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        rows = cv2_nearest_places(x.shape[-3], h, x.device)
        columns = cv2_nearest_places(x.shape[-2], w, x.device)
    else:
        rows = remembered(cv2_nearest_places, x.shape[-3], h, x.device)
        columns = remembered(cv2_nearest_places, x.shape[-2], w, x.device)
    return picked_pixels(x, rows, columns)


def cv2_nearest_places(source: int, target: int, device: torch.device) -> torch.Tensor:
    """The source index of each target pixel."""
    i = torch.arange(target, dtype=torch.float64, device=device)
    place = i * (1 / ratio(target, source, device))
    return place.floor().to(torch.int64).clamp(max=source - 1)
