from operator import add, mul, sub, truediv

from procdsl.codegen.onnx.axes import transpose, unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    """One operation on two values, the second with an axis of 1 for each that it lacks."""
    y, has = transpose(s.ins[1], s.attr["order"]), s.attr["has"]
    for place in reversed(range(len(has))):
        y = y if has[place] else unsqueeze(y, place - len(has))
    return {"+": add, "-": sub, "*": mul, "/": truediv}[s.attr["sign"]](s.x, y)
