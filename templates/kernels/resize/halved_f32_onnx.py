from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Size, Tensor


def halved_f32(x: Tensor, h: Size, w: Size) -> Tensor:
    """The mean of each 2 x 2 block, added as OpenCV's vector code does, or its plain code."""
    rows = [part(x, i, 2 * h, -3, 2) for i in (0, 1)]
    (a, b), (c, d) = ([part(row, j, 2 * w, -2, 2) for j in (0, 1)] for row in rows)
    plain, paired = ((a + b) + c) + d, (a + b) + (c + d)
    channels = x.size(-1)
    if channels == 4:
        return paired * 0.25
    if channels == 1:
        body = w - w % 4
        return concat([part(paired, 0, body, -2), part(plain, body, w, -2)], -2) * 0.25
    return plain * 0.25
