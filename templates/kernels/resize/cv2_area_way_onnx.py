from collections.abc import Callable

from procdsl.codegen.onnx.axes import KEPT, reshape
from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals, real, tensor

Way = Callable[[], Tensor]


def area_way(
    x: Tensor, to: tuple[Size, Size], enlarged: Way, halved: Way, averaged: Way, reduced: Way
) -> Tensor:
    """The one of OpenCV's ways to resize by areas that the sizes ask for."""
    (sh, sw), (h, w) = (x.size(-3), x.size(-2)), to
    same, half = (equals(sh, by * h) & equals(sw, by * w) for by in (1, 2))
    larger = (h > sh) | (w > sw)
    whole = equals(sh % h, 0) & equals(sw % w, 0)

    def blocks() -> Tensor:
        return choose(whole, averaged, reduced)

    def smaller() -> Tensor:
        return choose(half, halved, blocks)

    return choose(same, lambda: x, lambda: choose(larger, enlarged, smaller))


def blocks_of(x: Tensor, h: Size, w: Size) -> Tensor:
    """Images as the pixels of h x w blocks: [..., h, down, w, across, c]."""
    down, across = x.size(-3) // h, x.size(-2) // w
    return reshape(x, [*[KEPT] * (x.rank - 3), h, down, w, across, x.size(-1)])


def share_of(x: Tensor, h: Size, w: Size) -> Tensor:
    """The share of one pixel in the mean of such a block, in float32."""
    return tensor(1 / real((x.size(-3) // h) * (x.size(-2) // w))).cast("f32")
