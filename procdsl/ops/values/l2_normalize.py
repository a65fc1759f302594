"""Divide vectors by their length, so that each has the length 1.

`embedding = l2_normalize(embedding, over=d)` is `x / max(sqrt(sum of x * x), eps)` along the axis:
what `torch.nn.functional.normalize` computes, and what makes a cosine of a product of two of them.
It is computed in float64, the sum by adding the second half to the first again and again, and
rounded to float32 once: the same bits on every backend.

A vector of zeros has no direction. With `eps` at 1e-12 it stays zeros, as torch has it;
`eps=0` makes NaN of it, as `x / np.linalg.norm(x)` does. An infinity in a vector makes NaN of
itself and 0 of the other numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis, real
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.scores._scores import doubts_of_one, doubts_of_places
from procdsl.ops.values._sums import tree_sum
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class L2Normalize(Op):
    over: Word = arg(axis())
    eps: float | Fraction = arg(real(0, 1, 1e-12), default=1e-12)

    def infer(self, x: Type) -> Array:
        expect_axis(x, self.over, self.name, "over")
        return expect_dtype(x, self.name, "f32").with_(kind=None, range=Range(-1, 1))

    def doubts(self, x: Array) -> Iterator[Problem]:
        yield from doubts_of_places(x, self.name, "an embedding: coordinates are no direction")
        yield from doubts_of_one(
            x, self.name, self.over, "-1, 0 or 1", "without this step: the numbers"
        )

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": x.from_end(self.over), "eps": float(self.eps)}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.over: 1}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        real = x.astype(np.float64)
        length = np.sqrt(tree_sum(real * real, types[0].at(self.over)))
        with np.errstate(divide="ignore"):
            return (real / np.maximum(length, float(self.eps))).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        vectors = ((3.0, -4.0), (0.0, -0.0), (1e-20, 0.0), (3e38, -3e38), (np.inf, 1.0))
        return (
            Case(post="e = l2_normalize(x, over=d)", outputs={"x": "f32[d=37]"}),
            Case(post="e = l2_normalize(x, over=d)", outputs={"x": "f32[d=5, h=7, w=9]"}),
            Case(
                post='e = l2_normalize(x, over=h, eps=0) allow E308 "one row"',
                outputs={"x": "f32[d=5, h=1, w=9]"},
            ),
            *(
                Case(
                    post=f"e = l2_normalize(x, over=d{eps})",
                    outputs={"x": "f32[n=5, d=2]"},
                    values=lambda: {"x": np.array(vectors, np.float32)},
                )
                for eps in ("", ", eps=0", ", eps=1/1000")
            ),
        )
