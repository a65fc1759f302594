from procdsl.codegen.onnx.axes import KEPT, reshape
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    at = s.x.rank + s.attr["axis"]
    behind = [s.x.size(axis) for axis in range(at + 1, s.x.rank)]
    return reshape(s.x, [*[KEPT] * at, *s.attr["sizes"], *behind])
