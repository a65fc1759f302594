"""The length of vectors along an axis.

`sharpness = norm(features, over=d)` is the Euclidean length, `sqrt(sum of x * x)`. It is computed
in float64, the sum by adding the second half to the first again and again, and rounded to float32
once: the same bits on every backend, and what `np.linalg.norm` and `torch.linalg.vector_norm` give
but for the last bits. The axis is gone. What divides by it is `l2_normalize`.
"""

from __future__ import annotations

from collections.abc import Mapping

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.values._sums import tree_sum
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Norm(Op):
    over: Word = arg(axis())

    def infer(self, x: Type) -> Array:
        expect_axis(x, self.over, self.name, "over")
        x = expect_dtype(x, self.name, "f32")
        return x.without(self.over).with_(colour=None, kind=None, range=None)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": x.from_end(self.over)}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.over: 1}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        over, real = types[0].at(self.over), x.astype(np.float64)
        return np.sqrt(tree_sum(real * real, over)).squeeze(over).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="n = norm(x, over=d)", outputs={"x": "f32[d=37]"}),
            Case(post="n = norm(x, over=d)", outputs={"x": "f32[h=7, d=2, w=9]"}),
            Case(post="n = norm(x, over=h)", outputs={"x": "f32[h=1, d=5]"}),
        )
