from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return s.plain(s.k.place(s.image, s.named["at"], s.constant("fill")))
