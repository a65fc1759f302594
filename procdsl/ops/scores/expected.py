"""The sum along an axis of each number times the value of its place: an expected value.

`age = expected(probabilities, over=age)` is the sum of `p[i] * i`: the mean of a distribution over
ages, over the bins of a distance (DFL, in the detectors from YOLOv8 on and GFL) or over columns
(soft-argmax). `values=(0.5, 1.5, 4)` names other values than 0, 1, 2, ...; each is a float32.

The products are exact in float64; they are summed there by adding the second half to the first
again and again, and rounded to float32 once: the same bits on every backend. The numbers are taken
as they are: `softmax` makes probabilities of logits.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, axis, real
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.ops.values._sums import tree_sum
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Word
from procdsl.types.numerics import EXACT, ULPS, ErrorBound, f32
from procdsl.types.value import Type

_VALUES = Many("a number for each place, in parentheses", (0.5, 1.5, 4), real())


@dataclass(frozen=True, kw_only=True)
class Expected(Op):
    gain: ClassVar[float] = 0.0  # `error_bound` knows the values

    over: Word = arg(axis())
    values: tuple[float | Fraction, ...] | None = arg(_VALUES, default=None)

    def infer(self, x: Type) -> Array:
        expect_axis(x, self.over, self.name, "over")
        x = expect_dtype(x, self.name, "f32")
        size = x.shape[x.at(self.over)]
        after = x.without(self.over).with_(colour=None, kind=None, range=None)
        if size is None or (self.values is not None and len(self.values) != size):
            raise Problem(
                "E322",
                "`expected` does not have one value for each place",
                found="an axis of any size"
                if size is None
                else f"{len(self.values or ())} values for {size} places",
                wanted="one for each place of an axis whose size is known",
                help=f"write the size of `{self.over}` where the value is declared"
                if size is None
                else f"write {size} values, or leave them out for 0 to {size - 1}",
                at="values" if self.values else "over",
                then=after,
            )
        numbers = self._numbers(x)
        spread = Range(min(numbers), max(numbers)) if x.kind == "probabilities" else None
        return after.with_(range=spread)

    def _numbers(self, x: Array) -> tuple[float, ...]:
        size = x.shape[x.at(self.over)] or 0
        return tuple(f32(float(v)) for v in (range(size) if self.values is None else self.values))

    def error_bound(self, x: Array) -> ErrorBound | None:
        if not x.tolerance:
            return EXACT
        values = [abs(value) for value in self._numbers(x)]
        return ErrorBound(
            x.tolerance * sum(values) + ULPS["f32"] * max(values),
            "the bound of the numbers, each times the value of its place, and a rounding",
        )

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        numbers = self._numbers(x)
        return {"values": ConstantArray("f32", numbers, (len(numbers),))}

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": x.from_end(self.over)}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.over: 1}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        over = types[0].at(self.over)
        numbers = np.array(self._numbers(*types)).reshape(-1, *[1] * (x.ndim - over - 1))
        return tree_sum(x.astype(np.float64) * numbers, over).squeeze(over).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                post="p = softmax(x, over=age)\ny = expected(p, over=age)",
                outputs={"x": "f32[age=101]"},
            ),
            Case(post="y = expected(x, over=bin)", outputs={"x": "f32[side=4, bin=16, n=9]"}),
            Case(
                post="y = expected(x, over=d, values=(0.1, -1/3, 4))",
                outputs={"x": "f32[n=7, d=3]"},
            ),
            Case(post="y = expected(x, over=d, values=(2,))", outputs={"x": "f32[d=1]"}),
        )
