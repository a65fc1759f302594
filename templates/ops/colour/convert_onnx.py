from procdsl.codegen.onnx.axes import gather, moved
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Refused, Site


def onnx(s: Site) -> Tensor:
    if s.attr["luma"] or s.attr["alpha"] is not None or s.attr["adds_alpha"]:
        raise Refused("a graph has no luma and no alpha yet")
    planes = gather(moved(s.image, -1, -3), s.constant("order"), -3)  # a plane is copied at once
    return moved(planes, -3, -1)
