"""Limit values from below and above.

`clip(min=0, max=1)` gives every value below 0 as 0 and every one above 1 as 1; all others stay as
they are, NaN and the sign of a zero included. Either bound may be left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Number
from procdsl.types.dtypes import INTEGERS, LIMITS
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Clip(Op):
    pointwise: ClassVar[bool] = True

    min: float | Fraction | None = arg(real(), default=None)
    max: float | Fraction | None = arg(real(), default=None)

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, *INTEGERS, "f32")
        if self.min is None and self.max is None:
            raise Problem(
                "E209",
                "`clip` without a bound",
                found="neither `min` nor `max`",
                wanted="one of them, or both",
                help="add `min=`, below which nothing is left, `max=`, above which nothing is, or "
                "both",
                then=x,
            )
        low, high = self.bounds
        if low > high:
            raise Problem(
                "E211",
                "`clip` with its bounds the wrong way round",
                found=f"min={low:g}, max={high:g}",
                wanted="a `min` that is not above `max`",
                help=f"`clip(min={high:g}, max={low:g})` limits values to that range; as it is "
                "written all of them would become one number",
                then=x,
            )
        whole = x.dtype in INTEGERS
        allowed = LIMITS.get(x.dtype, (-(2**53), 2**53))
        for name, bound in (("min", self.min), ("max", self.max)):
            outside = bound is not None and not allowed[0] <= bound <= allowed[1]
            if whole and bound is not None and (bound != int(bound) or outside):
                raise Problem(
                    "E211",
                    f"a bound that {x.dtype} cannot hold",
                    found=f"{name}={float(bound):g}",
                    wanted=f"a whole number from {allowed[0]} to {allowed[1]}",
                    help="write a bound of the value's own dtype, or put this step behind "
                    "`to_float`",
                    at=name,
                    then=x,
                )
        span = x.range or Range(-math.inf, math.inf)
        ends = min(max(span.low, low), high), max(min(span.high, high), low)
        limited = Range(*ends, standardized=span.standardized)
        known = math.isfinite(limited.low) and math.isfinite(limited.high)
        return x.with_(range=limited if known else None)

    def doubts(self, x: Array) -> Iterator[Problem]:
        """A guard: whatever comes, each value becomes the same number."""
        low, high = self.bounds
        beside = x.range is not None and not x.range.standardized and x.range.low < x.range.high
        span = x.range if beside and x.range else Range(-math.inf, math.inf)
        if low < high and low < span.high and high > span.low:
            return
        number = high if high <= span.low else low
        yield Problem(
            "E304",
            "`clip` leaves one number of all values",
            found=f"{number:g} of all of {x.described()}",
            wanted="bounds between which values lie",
            help=choices(
                "write the bounds in the range of the value where this step stands",
                *([f"between {span.low:g} and {span.high:g}: its range here"] if beside else []),
                "another `min` or `max`: from the one to the other values stay as they are",
            ),
        )

    @property
    def bounds(self) -> tuple[float, float]:
        low = -math.inf if self.min is None else float(self.min)
        return low, math.inf if self.max is None else float(self.max)

    def _bound(self, bound: Number | None, x: Array) -> float | int | None:
        """The bound as a number of the value's dtype."""
        if bound is None:
            return None
        return int(bound) if x.dtype in INTEGERS else float(bound)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "low": self._bound(self.min, x),
            "high": self._bound(self.max, x),
            "whole": x.dtype in INTEGERS,
            "dtype": x.dtype,
        }

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        if self.min is not None:
            low = x.dtype.type(self._bound(self.min, *types))
            x = np.where(x < low, low, x)
        if self.max is not None:
            high = x.dtype.type(self._bound(self.max, *types))
            x = np.where(x > high, high, x)
        return x

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("to_float(scale=1/255)\nclip(min=0.25, max=3/4)"),
            Case("clip(min=16, max=235)"),
            Case("clip(max=100)"),
            Case("clip(min=16, max=235)\nto_float(scale=1/255)\nlayout(c, h, w)"),
            Case(
                "clip(min=0, max=1)",
                image="f32[n=6]",
                values=lambda: {
                    "image": np.array([-np.inf, -1, 0.5, 2, np.inf, np.nan], np.float32)
                },
            ),
        )
