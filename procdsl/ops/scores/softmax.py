"""Turn logits into probabilities along an axis.

`exp(x - max) / sum` in float64, rounded to float32 once: so computed, libraries whose float32
exponentials differ agree to the last bit but for about one value in 74 million.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.scores._scores import BY_ITSELF, SUM_BOUND, doubts_of_logits, doubts_of_one
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Word
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Softmax(Op):
    over: Word = arg(axis())

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, "f32")
        expect_axis(x, self.over, self.name, "over")
        return x.with_(kind="probabilities", range=Range(0, 1))

    def doubts(self, x: Array) -> Iterable[Problem]:
        yield from doubts_of_logits(x, self.name)
        yield from doubts_of_one(x, self.name, self.over, "1", BY_ITSELF)

    def error_bound(self, x: Array) -> ErrorBound:
        return SUM_BOUND

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": x.from_end(self.over)}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.over: 1}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        over = types[0].at(self.over)
        real = x.astype(np.float64)
        with np.errstate(invalid="ignore"):  # infinity less itself is NaN
            powers = np.exp(real - real.max(axis=over, keepdims=True))
        return (powers / powers.sum(axis=over, keepdims=True)).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="p = softmax(x, over=class)", outputs={"x": "f32[class=10]"}),
            Case(
                post='p = softmax(x, over=class) allow E308 "one class"',
                outputs={"x": "f32[class=1]"},
            ),
            Case(post="p = softmax(x, over=c)", outputs={"x": "f32[c=5, h=7, w=9]"}),
            Case(
                post="p = softmax(x, over=class)",
                outputs={"x": "f32[n=3, class=4]"},
                values=lambda: {
                    "x": np.array(
                        [[1e4, -1e4, 0, 3], [5, 5, 5, 5], [-np.inf, 0, 88.8, -200]], np.float32
                    )
                },
            ),
        )
