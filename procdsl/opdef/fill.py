"""The numbers that fill what a picture does not cover."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from procdsl.diagnostics.suggest import choices
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import ConstantArray
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Number, show
from procdsl.types.dtypes import FLOATS, INTEGERS, LIMITS


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


def with_fill(span: Range | None, fill: Sequence[float]) -> Range | None:
    """The range of values beside which these are filled in."""
    return span and Range(min(span.low, *fill), max(span.high, *fill), span.standardized)


def doubts_of_fill(fill: Number | tuple[Number, ...] | None, x: Array) -> Iterator[Problem]:
    """A guard: a fill of floats that is a number of another scale than theirs.

    A picture's lies in its range, one of a picture in 0..255 not between 0 and 1. A standardized
    one may lie beyond its range, and that of a map say that nothing is known: there it is one that
    is ten times as far off as the values reach.
    """
    span = x.range
    if fill is None or span is None or x.dtype not in FLOATS:
        return
    beyond = 10 * max(abs(span.low), abs(span.high)) if span.standardized or x.kind else 0
    low, high = span.low - beyond, span.high + beyond
    numbers = fill if isinstance(fill, tuple) else (fill,)
    for number in numbers:
        if low <= number <= high and not (span.high > 100 and 0 < number < 1):
            continue
        to_bytes = span.low == 0 and span.high == 1 and 1 < number <= 255
        yield Problem(
            "E304",
            "a fill of another range than the picture's",
            found=f"`{show(number)}` on {x.described()}",
            wanted=f"numbers in {span.low:g}..{span.high:g}",
            help=choices(
                "say of which range the number is",
                "of the value as it is before it is scaled: put this step there",
                f"of this one: `{show(number)}/255` is 0..255 brought to 0..1"
                if to_bytes
                else "of this one: write the number that the border has where this step stands",
            ),
            at="fill",
        )
        return


def fill_constant(fill: Number | tuple[Number, ...], x: Array) -> ConstantArray:
    """The fill as numbers of the dtype of `x`."""
    numbers = expect_fill(fill, x)
    values = tuple(int(n) for n in numbers) if x.dtype in INTEGERS else numbers
    return ConstantArray(x.dtype, values, (len(values),) if isinstance(fill, tuple) else ())
