from procdsl.codegen.onnx.axes import gather_rows, reshape, unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def warped_pixels(x: Tensor, rows: Tensor, columns: Tensor, fill: float) -> Tensor:
    """The pixels of [n, h, w, c] in these rows and columns, of f32 or i32; outside the picture the
    fill."""
    h, w = x.size(-3), x.size(-2)
    inside = (rows >= 0) & (rows < h) & (columns >= 0) & (columns < w)
    places = where(inside, rows * w + columns, 0)
    found = gather_rows(reshape(x, [0, -1, x.size(-1)]), reshape(places, [0, -1]), 1)
    found = reshape(found, [0, rows.size(-2), rows.size(-1), x.size(-1)])
    return where(unsqueeze(inside, -1), found, fill)
