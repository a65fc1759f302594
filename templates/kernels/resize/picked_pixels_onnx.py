from procdsl.codegen.onnx.axes import gather
from procdsl.codegen.onnx.graph import Tensor

from .as_columns_onnx import as_columns, as_rows


def picked_pixels(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The pixels of [..., h, w, c] where some rows and columns meet."""
    return as_rows(gather(as_columns(gather(x, rows, -3)), columns, -3))
