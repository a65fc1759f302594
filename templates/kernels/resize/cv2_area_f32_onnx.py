from procdsl.codegen.onnx.axes import full, moved, one, reshape
from procdsl.codegen.onnx.control import repeat
from procdsl.codegen.onnx.graph import Size, Tensor

from .cv2_area_places_onnx import cv2_area_places
from .cv2_area_reduced_onnx import cv2_area_reduced
from .cv2_area_way_onnx import area_way, blocks_of, share_of
from .halved_f32_onnx import halved_f32
from .interpolated_f32_onnx import interpolated_f32


def cv2_area_f32(x: Tensor, h: Size, w: Size) -> Tensor:
    """OpenCV's INTER_AREA on float32 [..., h, w, c]."""
    sh, sw = x.size(-3), x.size(-2)

    def enlarged() -> Tensor:
        return interpolated_f32(x, cv2_area_places(sh, h), cv2_area_places(sw, w))

    return area_way(
        x,
        (h, w),
        enlarged,
        lambda: halved_f32(x, h, w),
        lambda: added_by_fours(x, h, w) * share_of(x, h, w),
        lambda: cv2_area_reduced(x, h, w),
    )


def added_by_fours(x: Tensor, h: Size, w: Size) -> Tensor:
    """The sums of h x w blocks, four pixels at a time, and then what is left of them."""
    count = (x.size(-3) // h) * (x.size(-2) // w)
    sizes = [*(x.size(axis) for axis in range(x.rank - 3)), h, w, x.size(-1)]
    parts = moved(moved(blocks_of(x, h, w), -4, 0), -2, 1)  # [down, across, ..., h, w, c]
    parts = reshape(parts, [count, *sizes])
    fours = count // 4

    def four(number: Tensor, total: Tensor) -> Tensor:
        a, b, c, d = (one(parts, number * 4 + i if i else number * 4, 0) for i in range(4))
        return total + (((a + b) + c) + d)

    def left(number: Tensor, total: Tensor) -> Tensor:
        return total + one(parts, fours * 4 + number, 0)

    return repeat(count % 4, repeat(fours, full(sizes, 0, "f32"), four), left)
