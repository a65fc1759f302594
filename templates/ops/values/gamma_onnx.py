from procdsl.codegen.onnx.axes import looked_up
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    if s.attr["levels"]:
        return looked_up(s.constant("gamma"), s.x.cast("i32"))
    return s.k.power(s.x, s.attr["power"])
