from operator import add, mul, sub, truediv

from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    x = s.x
    for sign, name in s.attr["steps"]:
        x = {"*": mul, "/": truediv, "+": add, "-": sub}[sign](x, s.constant(name))
    return x
