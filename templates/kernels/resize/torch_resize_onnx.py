from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals

from .torch_table_onnx import torch_table
from .whole_pass_onnx import whole_pass


def torch_resize(x: Tensor, h: Size, w: Size, mode: str, antialias: bool = False) -> Tensor:
    """torch's own interpolation of uint8 [..., h, w, c]: across first, in weights of 16 bits."""
    across = pass_to(x, w, mode, antialias, down=False)
    return pass_to(across, h, mode, antialias, down=True)


def pass_to(x: Tensor, target: Size, filter_: str, antialias: bool, down: bool) -> Tensor:
    """One pass, which leaves a size that is right already."""
    source = x.size(-3 if down else -2)

    def passed() -> Tensor:
        return whole_pass(x, *torch_table(source, target, filter_, antialias), down)

    return choose(equals(source, target), lambda: x, passed)
