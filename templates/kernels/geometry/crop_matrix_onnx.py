from procdsl.codegen.onnx.axes import concat, full, part, reshape
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def crop_matrix(box: Tensor, h: int, w: int, grow: float) -> Tensor:
    """The maps [n, 2, 3] that bring boxes (x1, y1, x2, y2) to h x w pixels.

    Before they are `grow` times as large, and in the shape of h x w.
    """
    x1, y1, x2, y2 = (part(box, i, i + 1, -1).cast("f64") for i in range(4))
    width, fitted = (x2 - x1) * grow, (y2 - y1) * grow * (w / h)
    s = float(w) / where(fitted > width, fitted, width)
    x, y = w / 2 - s * ((x1 + x2) / 2), h / 2 - s * ((y1 + y2) / 2)
    none = full([box.size(0), 1], 0, "f64")
    return reshape(concat([s, none, x, none, s, y], -1).cast("f32"), [-1, 2, 3])
