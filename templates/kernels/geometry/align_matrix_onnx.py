from procdsl.codegen.onnx.axes import as_constant, concat, part, reshape
from procdsl.codegen.onnx.graph import Tensor


def align_matrix(
    points: Tensor, x: tuple[float, ...], y: tuple[float, ...], middle: tuple[float, float]
) -> Tensor:
    """The similarities [n, 2, 3] that bring points [n, k, 2] closest to places, by least squares.

    The places are given less their `middle`.
    """
    count = len(x)
    px, py = (reshape(part(points, i, i + 1, -1).cast("f64"), [0, count]) for i in (0, 1))
    mx, my = added_up(px, count) / count, added_up(py, count) / count
    px, py = px - mx, py - my
    qx, qy = (as_constant(v, "f64", "places", (count,)) for v in (x, y))
    spread = added_up(px * px + py * py, count)
    a = added_up(px * qx + py * qy, count) / spread
    b = added_up(px * qy - py * qx, count) / spread
    first = [a, -b, middle[0] - (a * mx - b * my)]
    rows = concat([*first, b, a, middle[1] - (b * mx + a * my)], -1)
    return reshape(rows.cast("f32"), [-1, 2, 3])


def added_up(numbers: Tensor, count: int) -> Tensor:
    """The sum along the last axis in the order of the numbers, which stays as one of 1."""
    total = part(numbers, 0, 1, -1)
    for i in range(1, count):
        total = total + part(numbers, i, i + 1, -1)
    return total
