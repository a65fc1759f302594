from procdsl.codegen.onnx.axes import transpose, unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    axes = s.attr["axes"]
    x = transpose(s.x, [axis + len(axes) for axis in axes])
    x = x if s.attr["channels"] else unsqueeze(x, -1)
    x = x if s.attr["clip"] else unsqueeze(x, -4)
    names = ("h", "w", "frames", "merge", "order", "pad_to")
    return s.k.patches(x, *(s.attr[name] for name in names))
