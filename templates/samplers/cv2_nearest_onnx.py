from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return s.plain(s.k.cv2_nearest(s.image, s.named["h"], s.named["w"]))
