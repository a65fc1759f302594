import torch

from kernels.resize.picked_pixels_torch import picked_pixels
from kernels.resize.stepped_places_torch import stepped_places
from kernels.runtime.remembered_torch import remembered


def cv2_nearest_exact(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV 5's INTER_NEAREST_EXACT."""
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        rows = stepped_places(x.shape[-3], h, x.device)
        columns = stepped_places(x.shape[-2], w, x.device)
    else:
        rows = remembered(stepped_places, x.shape[-3], h, x.device)
        columns = remembered(stepped_places, x.shape[-2], w, x.device)
    return picked_pixels(x, rows, columns)
