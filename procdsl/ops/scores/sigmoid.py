"""Turn logits into probabilities one by one.

`1 / (1 + exp(-x))` in float64, rounded to float32 once. NaN stays NaN.
"""

from __future__ import annotations

from collections.abc import Iterable

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Case, Op
from procdsl.ops.scores._scores import EXP_BOUND, doubts_of_logits
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Sigmoid(Op):
    def infer(self, x: Type) -> Array:
        return expect_dtype(x, self.name, "f32").with_(kind="probabilities", range=Range(0, 1))

    def doubts(self, x: Array) -> Iterable[Problem]:
        return doubts_of_logits(x, self.name)

    def error_bound(self, x: Array) -> ErrorBound:
        return EXP_BOUND

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return (1 / (1 + np.exp(-x.astype(np.float64)))).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="p = sigmoid(x)", outputs={"x": "f32[class=10]"}),
            Case(post="p = sigmoid(x)", outputs={"x": "f32[]"}),
            Case(
                post="p = sigmoid(x)",
                outputs={"x": "f32[n=7]"},
                values=lambda: {
                    "x": np.array([-np.inf, -1e4, -100, 0, 100, 1e4, np.inf], np.float32)
                },
            ),
        )
