from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.site import Site


def starts(s: Site) -> tuple[Size, Size, Tensor, Tensor]:
    """The height and width of the pictures, and where their tiles begin, down and across."""
    h, w = s.named["h"], s.named["w"]
    rows = s.k.tile_starts(h, s.attr["h"], s.attr["overlaps"][0], s.attr["shifted"])
    return h, w, rows, s.k.tile_starts(w, s.attr["w"], s.attr["overlaps"][1], s.attr["shifted"])
