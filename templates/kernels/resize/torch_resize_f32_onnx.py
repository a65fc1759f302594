from procdsl.codegen.onnx.axes import stack
from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import clip, equals

from .as_columns_onnx import as_columns, as_rows
from .pass_to_onnx import pass_to
from .pil_weights_onnx import pil_weights
from .taps_summed_onnx import taps_summed
from .torch_near_onnx import torch_near
from .window_of_onnx import Window


def torch_resize_f32(x: Tensor, h: Size, w: Size, mode: str, antialias: bool = False) -> Tensor:
    """torch's own interpolation of float32 [..., h, w, c], its sums in float64.

    The order in which torch adds depends on how its memory lies; so there is none to follow.
    """

    def antialiased(y: Tensor, target: Size, window: Window) -> Tensor:
        return taps_summed(y, *pil_weights(y.size(-3), target, mode, window, "f32"))

    def plain(y: Tensor, target: Size) -> Tensor:
        return taps_summed(y, *near(y.size(-3), target, mode))

    def resized() -> Tensor:
        columns = as_columns(x).cast("f64")
        if antialias:
            across = as_rows(pass_to(columns, w, (0, w), antialiased))
            return pass_to(across, h, (0, h), antialiased).cast("f32")
        return plain(as_rows(plain(columns, w)), h).cast("f32")

    return choose(equals(x.size(-3), h) & equals(x.size(-2), w), lambda: x, resized)


def near(source: Size, target: Size, mode: str) -> tuple[Tensor, Tensor]:
    """By tap the source index of each target pixel, and its weight; outside is the edge."""
    places, weights = torch_near(source, target, mode, "f32")
    return stack([clip(place, 0, source - 1) for place in places], 0), stack(weights, 0)
