"""A matrix product: the sum over one axis, which both values have, of their products.

`masks = matmul(coefficients, prototypes, over=k)` of `[found, k]` and `[k, h, w]` gives
`[found, h, w]`: the axes of the first value without `k`, then those of the second. `numpy.einsum`
writes it "nk,khw->nhw". But for `k` the two have no axis of one name.

The products are exact in float64, summed there and rounded to float32 once. Libraries sum in an
order of their own, so that a result may be the next float32 where the sum lies between two: one of
30 million, with 32 products each. Where large products cancel, it may be off by what float64 leaves
out of the largest of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Matmul(Op):
    inputs: ClassVar[tuple[str, ...]] = ("x", "y")
    gain: ClassVar[float] = 0.0  # `error_bound` knows how many products there are

    over: Word = arg(axis())

    def infer(self, x: Type, y: Type) -> Array:
        values = []
        for value in (x, y):
            expect_axis(value, self.over, self.name, "over")
            values.append(expect_dtype(value, self.name, "f32"))
        first, second = values
        shared = [name for name in first.names if name in second.names]
        if first.axis(self.over) != second.axis(self.over) or len(shared) > 1:
            raise Problem(
                "E327",
                "`matmul` of values whose axes do not fit",
                found=f"{first} and {second}",
                wanted=f"`{self.over}` of one size in both, and no other axis in both",
                help="declare them so; two axes that mean different things have different names",
            )
        axes = (*first.without(self.over).axes, *second.without(self.over).axes)
        return Array("f32", axes, space=second.space or first.space)

    def error_bound(self, x: Array, y: Array) -> ErrorBound:
        count = x.shape[x.at(self.over)] or 1
        return ErrorBound(
            1.2e-7 + count * (x.tolerance + y.tolerance),
            "libraries sum in different orders; computed in float64 and rounded to float32 they "
            "differ by one unit in the last place at most, where no large products cancel",
        )

    def attributes(self, x: Array, y: Array) -> Mapping[str, Attribute]:
        return {
            "axes": (x.from_end(self.over), y.from_end(self.over)),
            "ranks": (len(x.axes), len(y.axes)),
        }

    def least_sizes(self, x: Array, y: Array) -> Mapping[str, int]:
        return {self.over: 1}

    def work(self, types: tuple[Array, Array], *shapes: tuple[int, ...]) -> int:
        x, y = shapes
        return math.prod(x) * math.prod(y) // max(x[types[0].at(self.over)], 1)  # its products

    def reference(self, types: tuple[Array, Array], x: np.ndarray, y: np.ndarray) -> np.ndarray:
        axes = types[0].at(self.over), types[1].at(self.over)
        return np.tensordot(x.astype(np.float64), y.astype(np.float64), axes).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(
            Case(post=f"z = matmul(x, y, over={k})", outputs={"x": x, "y": y})
            for k, x, y in (
                ("k", "f32[n=7, k=8]", "f32[k=8, h=5, w=6]"),
                ("k", "f32[k=1, n=7]", "f32[h=5, k=1]"),
                ("d", "f32[d=33]", "f32[d=33]"),
                ("d", "f32[a=2, d=3, b=4]", "f32[d=3]"),
            )
        )
