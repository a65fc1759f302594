"""Whether each value lies above a bound.

`threshold(above=0.5)` gives a mask (bool): true where the value is strictly greater, as in
`cv2.threshold`. f32 is compared in float32, and NaN is never above; whole numbers are compared with
the bound rounded down, which changes nothing. `cast(f32)` makes 0 and 1 of a mask, and
`scale(multiply=255)` behind it what THRESH_BINARY gives; THRESH_TRUNC is `clip(max=...)`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real
from procdsl.opdef.bounds import doubts_of_bound
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import show
from procdsl.types.dtypes import INTEGERS, LIMITS
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Threshold(Op):
    above: float | Fraction = arg(real(example=0.5))

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, *INTEGERS, "f32")
        after = x.with_(dtype="bool", colour=None, kind="mask", range=Range(0, 1))
        low, high = LIMITS.get(x.dtype, (-math.inf, math.inf))
        if not low <= self.above < high:
            raise Problem(
                "E211",
                "a bound that all values lie on one side of",
                found=f"above={show(self.above)} on {x.described()}",
                wanted=f"a number from {low} to below {high}",
                help="write a bound between the values, in their own range: half of it is "
                f"{high // 2}",
                at="above",
                then=after,
            )
        return after

    def doubts(self, x: Array) -> Iterable[Problem]:
        return doubts_of_bound(self.above, x, "above")

    def bound(self, x: Array) -> float | int:
        """The bound as a number of the value's kind."""
        return math.floor(self.above) if x.dtype in INTEGERS else float(self.above)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"above": self.bound(x), "dtype": x.dtype}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        if x.dtype.kind in "iu":
            return x > float(self.above)
        return x > np.float32(self.above)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="m = threshold(x, above=0.5)", outputs={"x": "f32[c=1, h=7, w=9]"}),
            Case(post="m = threshold(x, above=-1/3)", outputs={"x": "f32[]"}),
            Case(
                post="m = threshold(x, above=0.1)",
                outputs={"x": "f32[n=5]"},
                values=lambda: {
                    "x": np.array([0.1, 0.10000001, np.nan, np.inf, -np.inf], np.float32)
                },
            ),
            Case("threshold(above=127)"),
            Case("threshold(above=99.5)\ncast(f32)\nscale(multiply=255)", image="u8[h, w] gray"),
            Case("threshold(above=-0.5)", image="i32[n=50]"),
            Case("threshold(above=40000)", image="u16[h, w, c=3] rgb"),
        )
