from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, floor, rounded, trunc
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    to, rounding, (low, high) = s.attr["to"], s.attr["rounding"], s.attr["limits"]
    if s.attr["saturates"]:
        if to in ("i32", "i64") and s.x.dtype in ("u8", "u16", "bool"):
            return s.x.cast(to)
        return s.x.cast("i64") if to == "i64" else clip(s.x.cast("i64"), low, high).cast(to)
    if rounding is None:
        return s.x.cast(to)
    real = s.x.cast("f64")
    if rounding == "half_even":
        real = rounded(real)
    elif rounding == "trunc":
        real = trunc(real)
    else:
        real = floor(real + 0.5 if rounding == "half_up" else real)
    return s.k.cast_rounded(real, to, low, high)
