import math

from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import floor, rounded, where


def cosine_sine(angle: Tensor) -> tuple[Tensor, Tensor]:
    """Of float64 angles in radians; NaN of one that is NaN or beyond 100,000.

    The nearest multiple of a quarter turn is taken off, and series are summed for the rest: sums
    and products, which have the same bits everywhere. Of a quarter turn's 33 first bits multiples
    up to 2**20 are exact.
    """
    angle = where(abs(angle) <= 1e5, angle, float("nan"))
    turns = rounded(angle * (2 / math.pi))
    rest = (angle - turns * 1.5707963267341256) - turns * 6.077100506506192e-11
    square = rest * rest
    cosine, sine = square * 0.0, square * 0.0
    for n in range(8, -1, -1):
        cosine = cosine * square + (-1) ** n / math.factorial(2 * n)
        sine = sine * square + (-1) ** n / math.factorial(2 * n + 1)
    sine = sine * rest
    quarter = turns - floor(turns / 4.0) * 4.0
    odd = quarter.equals(1) | quarter.equals(3)
    first, second = where(odd, sine, cosine), where(odd, cosine, sine)
    return (
        where(quarter.equals(1) | quarter.equals(2), -first, first),
        where(quarter >= 2, -second, second),
    )
