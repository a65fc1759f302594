from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Refused, Site


def onnx(s: Site) -> Tensor:
    raise Refused(
        "ONNX has no library that decodes a file: that is done on the host",
        "an input of pixels, such as u8[h, w, c=3] rgb, which is decoded before",
    )
