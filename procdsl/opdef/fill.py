"""The numbers that fill what a picture does not cover."""

from __future__ import annotations

import math

from procdsl.opdef.errors import Problem
from procdsl.opdef.op import ConstantArray
from procdsl.types.array import Array
from procdsl.types.constants import Number, show
from procdsl.types.dtypes import INTEGERS, LIMITS


def expect_fill(
    fill: Number | tuple[Number, ...], x: Array, then: Array | None = None
) -> tuple[float, ...]:
    """The numbers of a fill, one for each channel of `x` or one for all; or a `Problem`."""
    numbers = fill if isinstance(fill, tuple) else (fill,)
    if isinstance(fill, tuple) and len(fill) != x.channels:
        wanted = x.channels or 1
        raise Problem(
            "E213",
            "`fill` does not have one number for each channel",
            found=f"{len(fill)} numbers for {x.channels} channels",
            wanted=f"{wanted} numbers, or one for all channels",
            help=f"write {wanted} number{'s' * (wanted > 1)} in the order of the channels, or one "
            "for all",
            at="fill",
            then=then,
        )
    for number in numbers:
        low, high = LIMITS.get(x.dtype, (-math.inf, math.inf))
        if not low <= number <= high or (x.dtype in INTEGERS and number != int(number)):
            raise Problem(
                "E211",
                f"a fill that {x.dtype} cannot hold",
                found=f"`{show(number)}`",
                wanted=f"whole numbers from {low} to {high}",
                help="write the number that the border has where this step stands: before "
                "`to_float` 114, behind it 114/255",
                at="fill",
                then=then,
            )
    return tuple(map(float, numbers))


def fill_constant(fill: Number | tuple[Number, ...], x: Array) -> ConstantArray:
    """The fill as numbers of the dtype of `x`."""
    numbers = expect_fill(fill, x)
    values = tuple(int(n) for n in numbers) if x.dtype in INTEGERS else numbers
    return ConstantArray(x.dtype, values, (len(values),) if isinstance(fill, tuple) else ())
