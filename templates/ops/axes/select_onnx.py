from procdsl.codegen.onnx.axes import one, part
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    axis, start, stop = (s.attr[name] for name in ("axis", "start", "stop"))
    if s.attr["index"] is not None:
        return one(s.x, s.attr["index"], axis)
    return part(s.x, start or 0, s.x.size(axis) if stop is None else stop, axis)
