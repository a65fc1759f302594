from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    size = s.attr["sides"] or s.named.get("size")
    if size is None:
        size = s.named["at"].h, s.named["at"].w
    return s.k.boxes_scaled(s.x, size, s.attr["to_pixels"], s.attr["y_first"])
