from procdsl.codegen.onnx.axes import gather
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Refused, Site


def onnx(s: Site) -> Tensor:
    if s.attr["luma"] or s.attr["alpha"] is not None or s.attr["adds_alpha"]:
        raise Refused("a graph has no luma and no alpha yet")
    return gather(s.image, s.constant("order"), -1)
