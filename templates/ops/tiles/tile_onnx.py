from procdsl.codegen.onnx.axes import as_constant
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    sides = s.attr["h"], s.attr["w"]
    rest = (s.attr[name] for name in ("overlaps", "shifted", "axes", "tile"))
    return s.k.tiles(s.x, sides, *rest, fill(s) if "fill" in s.call.constants else None)


def fill(s: Site) -> Tensor:
    """The fill as a pixel of the image: with all its axes, of which c alone may be long."""
    held = s.call.constants["fill"]
    shape = [len(held.values) if name == "c" else 1 for name in s.type.names]
    return as_constant(held.values, held.dtype, "fill", shape)
