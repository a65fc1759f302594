"""Whether each value lies above a bound.

`threshold(above=0.5)` gives a mask (bool): true where the value, compared in float32, is strictly
greater. NaN is never above.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from procdsl.arguments import arg, real
from procdsl.lazy import np
from procdsl.op import Case, Op, want_dtype
from procdsl.problem import Mend
from procdsl.types import Array, Range, Type


@dataclass(frozen=True, kw_only=True)
class Threshold(Op):
    above: float | Fraction = arg(real(example=0.5))

    def infer(self, x: Type) -> Array:
        x = want_dtype(x, self.name, "f32", mend=Mend("remove"))
        return x.with_(dtype="bool", colour=None, kind="mask", range=Range(0, 1))

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
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
        )
