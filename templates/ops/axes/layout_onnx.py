from procdsl.codegen.onnx.axes import transpose, unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    x = transpose(s.x, s.attr["order"])
    return x if s.attr["added"] is None else unsqueeze(x, s.attr["added"])
