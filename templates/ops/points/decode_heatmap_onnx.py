from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    names = ("refine", "sides", "cells", "kernel")
    return s.k.decoded_heatmap(s.x, *(s.attr[name] for name in names))
