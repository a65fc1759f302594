from procdsl.codegen.onnx.axes import concat, part, swapped
from procdsl.codegen.onnx.graph import Tensor


def boxes_xyxy(raw: Tensor, box: str) -> Tensor:
    """Four rows of box numbers, f32[..., 4, n], as f32[..., n, 4] of (x1, y1, x2, y2)."""
    if box == "xyxy":
        return swapped(raw, -2, -1)
    place, size = part(raw, 0, 2, -2), part(raw, 2, 4, -2)
    if box == "xywh":
        return swapped(concat([place, place + size], -2), -2, -1)
    half = size * 0.5
    return swapped(concat([place - half, place + half], -2), -2, -1)
