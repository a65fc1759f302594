import math

import torch


def cosine_sine(angle: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Of float64 angles in radians; NaN of one that is NaN or beyond 100,000.

    The nearest multiple of a quarter turn is taken off, and series are summed for the rest: sums
    and products, which have the same bits everywhere. Of a quarter turn's 33 first bits multiples
    up to 2**20 are exact.
    """
    angle = torch.where(angle.abs() <= 1e5, angle, float("nan"))
    turns = (angle * (2 / math.pi)).round()
    rest = (angle - turns * 1.5707963267341256) - turns * 6.077100506506192e-11
    square = rest * rest
    cosine, sine = torch.zeros_like(rest), torch.zeros_like(rest)
    for n in range(8, -1, -1):
        sign = -1.0 if n % 2 == 1 else 1.0
        cosine = cosine * square + sign / math.factorial(2 * n)
        sine = sine * square + sign / math.factorial(2 * n + 1)
    sine = sine * rest
    quarter = turns - 4 * (turns / 4).floor()
    odd = (quarter == 1) | (quarter == 3)
    first, second = torch.where(odd, sine, cosine), torch.where(odd, cosine, sine)
    return (
        torch.where((quarter == 1) | (quarter == 2), -first, first),
        torch.where(quarter >= 2, -second, second),
    )
