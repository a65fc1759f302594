from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return s.k.crop_matrix(s.x, s.attr["h"], s.attr["w"], s.attr["grow"])
