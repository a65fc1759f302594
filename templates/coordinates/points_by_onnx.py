from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    matrix = s.k.affine_back(s.ins[1]) if s.attr["back"] else s.ins[1]
    return s.k.points_by_matrix(s.x, matrix)
