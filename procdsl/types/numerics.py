"""How close to its reference a step is on every backend.

Exact is the rule and is written `None`: the same bits. An `ErrorBound` is the exception, with
its reason.

A NaN is a NaN: its sign and payload are no part of the bits. Processors make NaN of either sign (of
0/0 a negative one on x86, a positive one on ARM), and which of two a sum or a minimum hands on
depends on the order in which a library vectorises. So comparisons and digests take all NaN for one.
"""

from __future__ import annotations

import math
import struct

from procdsl.records import dataclass


@dataclass(frozen=True)
class ErrorBound:
    """Backends may differ from the reference by `absolute`, in units of the step's result."""

    absolute: float
    reason: str


EXACT: ErrorBound | None = None


ULPS = {"f32": 2.0**-23, "f16": 2.0**-10}
"""The distance of a number of about 1 from the next, by dtype; that of others is in proportion."""


LARGEST = 3.4028234663852886e38
"""The largest float32."""


def f32(number: float) -> float:
    """The number as float32 holds it: the nearest one, ties to the even."""
    try:
        rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return math.copysign(math.inf, number)
    return rounded


def bound_in_f32(bound: float) -> float:
    """The largest float32 that is not above a number: above both are the same float32."""
    found = f32(bound)
    if found <= bound:
        return found
    bits: int = struct.unpack("i", struct.pack("f", found))[0]
    below = bits - 1 if found > 0 else bits + 1
    lower: float = struct.unpack("f", struct.pack("i", below))[0]
    return lower
