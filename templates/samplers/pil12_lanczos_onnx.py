from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    resize = s.k.pil_resize_f32 if s.attr["dtype"] == "f32" else s.k.pil_resize
    return s.plain(
        resize(s.image, s.named["h"], s.named["w"], "lanczos", version=12, part=s.named.get("part"))
    )


onnx_part = onnx
