import torch

from kernels.graphs.open_sizes_torch import refuse_open
from kernels.resize.cv2_area_places_torch import cv2_area_places
from kernels.resize.cv2_area_reduced_torch import cv2_area_reduced
from kernels.resize.halved_torch import halved
from kernels.resize.interpolated_torch import interpolated
from kernels.resize.interpolation_lines_torch import interpolation_tables
from kernels.resize.weights_11_bit_torch import weights_11_bit, weights_of_columns
from kernels.runtime.remembered_torch import remembered


def cv2_area(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_AREA on uint8."""
    sh, sw, channels = x.shape[-3], x.shape[-2], x.shape[-1]
    refuse_open("cv2.area", [sh, sw, h, w])
    if sh == h and sw == w:
        return x.clone()
    if h > sh or w > sw:
        if torch.jit.is_scripting() or torch.compiler.is_compiling():
            tables = cv2_area_tables(sh, sw, channels, h, w, x.device)
        else:
            tables = remembered(cv2_area_tables, sh, sw, channels, h, w, x.device)
        return interpolated(x, tables, 0, h)
    if sh == 2 * h and sw == 2 * w:
        return halved(x)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        blocks = x.unflatten(-2, (w, fx)).unflatten(-4, (h, fy))
        total = blocks.sum([-4, -2], dtype=torch.int32).to(torch.float32)
        return (total * (1 / (fy * fx))).round().to(torch.uint8)
    return cv2_area_reduced(x, h, w)


def cv2_area_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """For an enlargement source indices and weights, as `interpolated` takes them."""
    (top, g), (left, f) = cv2_area_places(sh, h, device), cv2_area_places(sw, w, device)
    columns = weights_of_columns(sw, weights_11_bit(left, f))
    return interpolation_tables(sh, sw, channels, weights_11_bit(top, g), columns)
