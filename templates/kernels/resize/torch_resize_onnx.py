from procdsl.codegen.onnx.graph import Size, Tensor

from .as_columns_onnx import as_columns, as_rows
from .pass_to_onnx import pass_to
from .torch_table_onnx import torch_table
from .whole_pass_onnx import whole_pass
from .window_of_onnx import Window


def torch_resize(x: Tensor, h: Size, w: Size, mode: str, antialias: bool = False) -> Tensor:
    """torch's own interpolation of uint8 [..., h, w, c]: across first, in weights of 16 bits."""

    def one_pass(y: Tensor, target: Size, _: Window) -> Tensor:
        return whole_pass(y, *torch_table(y.size(-3), target, mode, antialias), mode)

    across = as_rows(pass_to(as_columns(x), w, (0, w), one_pass))
    return pass_to(across, h, (0, h), one_pass)
