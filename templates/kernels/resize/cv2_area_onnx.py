from procdsl.codegen.onnx.axes import total
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import clip, rounded

from .cv2_area_places_onnx import cv2_area_places
from .cv2_area_reduced_onnx import cv2_area_reduced
from .cv2_area_way_onnx import area_way, blocks_of, share_of
from .halved_onnx import halved
from .interpolated_onnx import interpolated
from .weights_11_bit_onnx import weights_11_bit, weights_of_columns


def cv2_area(x: Tensor, h: Size, w: Size) -> Tensor:
    """OpenCV's INTER_AREA on uint8 [..., h, w, c]."""
    sh, sw = x.size(-3), x.size(-2)

    def enlarged() -> Tensor:
        columns = weights_of_columns(sw, weights_11_bit(*cv2_area_places(sw, w)))
        return interpolated(x, weights_11_bit(*cv2_area_places(sh, h)), columns)

    def averaged() -> Tensor:
        summed = total(total(blocks_of(x.cast("i32"), h, w), -2), -3)
        return rounded(summed.cast("f32") * share_of(x, h, w)).cast("u8")

    def reduced() -> Tensor:
        return clip(rounded(cv2_area_reduced(x, h, w)), 0, 255).cast("u8")

    return area_way(x, (h, w), enlarged, lambda: halved(x, h, w), averaged, reduced)
