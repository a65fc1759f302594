from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import (
    clip,
    equals,
    floor,
    maximum,
    minimum,
    ratio,
    real,
    tensor,
    where,
)


def torch_near(
    source: Size, target: Size, filter_: str, places: str
) -> tuple[list[Tensor], list[Tensor]]:
    """By tap the 2 or 4 pixels next to each place, which may lie outside, and weights in float64.

    `places` is the dtype in which torch computes where the target pixels lie.
    """
    scale = tensor(ratio(source, target)).cast(places).cast("f64")
    place = ((arange(target, "f64") + 0.5) * scale - 0.5).cast(places).cast("f64")
    if filter_ == "bilinear":
        place = maximum(place, 0)
    left = minimum(floor(place), real(source - 1))
    rest = clip(place - left, 0, 1)
    first = left.cast("i64")
    if filter_ == "bilinear":  # at the same size no pixel has a neighbour
        return [first, first + where(equals(source, target), 0, 1)], [1 - rest, rest]
    weights = [cubic_75(rest + 1), cubic_75(rest), cubic_75(1 - rest), cubic_75(2 - rest)]
    return [first - 1, first, first + 1, first + 2], weights


def cubic_75(x: Tensor) -> Tensor:
    """The cubic convolution of a = -0.75 at distances below 2."""
    near = (1.25 * x - 2.25) * x * x + 1
    return where(x < 1, near, ((-0.75 * x + 3.75) * x - 6) * x + 3)
