import math

from procdsl.codegen.onnx.axes import KEPT, reshape
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    first, last = (s.x.rank + s.attr[name] for name in ("first", "last"))
    sizes = [s.x.size(axis) for axis in range(first, last + 1)]
    known = [size for size in sizes if isinstance(size, int)]
    merged = math.prod(known) if len(known) == len(sizes) else -1
    behind = [s.x.size(axis) for axis in range(last + 1, s.x.rank)]
    return reshape(s.x, [*[KEPT] * first, merged, *behind])
