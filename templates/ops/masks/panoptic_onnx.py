from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    names = ("score", "mask", "overlap", "none", "fuse")
    return s.k.panoptic(*s.ins, *(s.attr[name] for name in names))
