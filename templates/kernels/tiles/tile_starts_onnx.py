from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import maximum, minimum, quotient


def tile_starts(size: Size, tile: int, overlap: int, shifted: bool) -> Tensor:
    """Where each tile along an axis begins; the last one may be shifted to end with the axis."""
    step, border = tile - overlap, maximum(size - tile, 0)
    starts = arange(quotient(border + (step - 1), step) + 1) * step
    return minimum(starts, border) if shifted else starts
