from procdsl.codegen.onnx.axes import concat, full
from procdsl.codegen.onnx.graph import Tensor


def add_alpha(x: Tensor) -> Tensor:
    """Planes [..., c, h, w] with an opaque alpha behind them."""
    leading = [x.size(axis) for axis in range(x.rank - 3)]
    return concat([x, full([*leading, 1, x.size(-2), x.size(-1)], 255, x.dtype)], -3)
