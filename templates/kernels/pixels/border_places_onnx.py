from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import clip, maximum, minimum


def border_places(size: Size, before: Size, to: Size, mode: str) -> Tensor:
    """For each place of a padded axis the one it repeats: edge, reflect or symmetric."""
    place = arange(to) - before
    if mode == "edge":
        return clip(place, 0, size - 1)
    if mode == "reflect":
        last = size - 1
        place = place % maximum(2 * last, 1)
        return minimum(place, 2 * last - place)
    place = place % (2 * size)
    return minimum(place, 2 * size - 1 - place)
