from procdsl.codegen.onnx.axes import stack
from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import clip, equals

from .pil_weights_onnx import pil_weights
from .taps_summed_onnx import taps_across, taps_down
from .torch_near_onnx import torch_near


def torch_resize_f32(x: Tensor, h: Size, w: Size, mode: str, antialias: bool = False) -> Tensor:
    """torch's own interpolation of float32 [..., h, w, c], its sums in float64.

    The order in which torch adds depends on how its memory lies; so there is none to follow.
    """
    sh, sw = x.size(-3), x.size(-2)

    def antialiased() -> Tensor:
        wide = x.cast("f64")
        table = pil_weights(sw, w, mode, "f32")
        across = choose(equals(sw, w), lambda: wide, lambda: taps_across(wide, *table))
        table = pil_weights(sh, h, mode, "f32")
        return choose(equals(sh, h), lambda: across, lambda: taps_down(across, *table))

    def plain() -> Tensor:
        return taps_down(taps_across(x, *near(sw, w, mode)), *near(sh, h, mode))

    resized = antialiased if antialias else plain
    return choose(equals(sh, h) & equals(sw, w), lambda: x, lambda: resized().cast("f32"))


def near(source: Size, target: Size, mode: str) -> tuple[Tensor, Tensor]:
    """By tap the source index of each target pixel, and its weight; outside is the edge."""
    places, weights = torch_near(source, target, mode, "f32")
    return stack([clip(place, 0, source - 1) for place in places], 0), stack(weights, 0)
