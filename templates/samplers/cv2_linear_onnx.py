from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    resize = s.k.cv2_linear_f32 if s.attr["dtype"] == "f32" else s.k.cv2_linear
    return s.plain(resize(s.image, s.named["h"], s.named["w"], s.named.get("part")))


onnx_part = onnx
