from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    if s.attr["mode"] == "constant":
        return s.plain(s.k.place(s.image, s.named["at"], s.constant("fill")))
    return s.plain(s.k.pad_by(s.image, s.named["at"], s.attr["mode"]))
