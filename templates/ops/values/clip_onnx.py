from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    low, high = s.attr["low"], s.attr["high"]
    if not s.attr["whole"]:
        return s.k.clipped(s.x, low, high)
    wide = "i32" if s.x.dtype == "u16" else s.x.dtype  # of u16 runtimes have no Clip
    return clip(s.x.cast(wide), low, high).cast(s.x.dtype)
