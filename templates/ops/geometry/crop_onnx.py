from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    if "fill" in s.call.constants:
        return s.plain(s.k.crop_filled(s.image, s.named["at"], s.constant("fill")))
    return s.plain(s.k.crop(s.image, s.named["at"]))
