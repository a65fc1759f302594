from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    levels, offset, corners, tiles = (
        s.attr[name] for name in ("levels", "offset", "corners", "tiles")
    )
    return s.k.anchors_on_grids(s.x, s.constant("cells"), levels, offset, corners, tiles)
