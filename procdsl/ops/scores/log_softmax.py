"""The logarithm of a softmax along an axis.

`x - max - log(sum of exp(x - max))` in float64, rounded to float32 once. Unlike the
logarithm of what `softmax` gives it is finite where a probability is too small for float32. A row
with no finite number is NaN; beside one an -infinity stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.scores._scores import BY_ITSELF, doubts_of_logits, doubts_of_one
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type

_BOUND = ErrorBound(
    1.2e-7,
    "exp, log and the order of a sum are not the same in every library; computed in float64 and "
    "rounded to float32 they differ by one unit in the last place at most",
)


@dataclass(frozen=True, kw_only=True)
class LogSoftmax(Op):
    gain: ClassVar[float] = 2.0

    over: Word = arg(axis())

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, "f32")
        expect_axis(x, self.over, self.name, "over")
        return x.with_(kind=None, range=None)

    def doubts(self, x: Array) -> Iterable[Problem]:
        yield from doubts_of_logits(x, self.name)
        yield from doubts_of_one(x, self.name, self.over, "0", BY_ITSELF)

    def error_bound(self, x: Array) -> ErrorBound:
        return _BOUND

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": x.from_end(self.over)}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.over: 1}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        over, real = types[0].at(self.over), x.astype(np.float64)
        less = real - real.max(axis=over, keepdims=True)
        return (less - np.log(np.exp(less).sum(axis=over, keepdims=True))).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        ends = [[1e4, -1e4, 0, 3], [5, 5, 5, 5], [-np.inf, 0, 88.8, -200], [-np.inf] * 4]
        return (
            Case(post="p = log_softmax(x, over=class)", outputs={"x": "f32[class=10]"}),
            Case(
                post='p = log_softmax(x, over=class) allow E308 "one class"',
                outputs={"x": "f32[class=1]"},
            ),
            Case(post="p = log_softmax(x, over=c)", outputs={"x": "f32[c=5, h=7, w=9]"}),
            Case(
                post="p = log_softmax(x, over=class)",
                outputs={"x": "f32[n=4, class=4]"},
                values=lambda: {"x": np.array(ends, np.float32)},
            ),
        )
