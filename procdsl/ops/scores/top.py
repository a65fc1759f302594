"""The k largest values along an axis, largest first, and their indices.

`confidence, prediction = top(probabilities, over=class, k=5)`; the axis becomes `rank`. Equal
values keep the order of their indices; NaN comes last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.arguments import arg, axis, whole
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.scores._scores import descending, ids
from procdsl.ops.scores.argmax import ENDS, TIES
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Top(Op):
    outputs: ClassVar[int] = 2

    over: Word = arg(axis())
    k: int = arg(whole(1, AXIS, 5))

    def infer(self, x: Type) -> tuple[Array, Array]:
        expect_axis(x, self.over, self.name, "over")
        x = expect_dtype(x, self.name, "f32")
        over = x.axis(self.over)
        if over is not None and over.high is not None and self.k > over.high:
            raise Problem(
                "E211",
                "`top` of more values than there are",
                found=f"k={self.k} over {over}",
                wanted=f"k of at most {over.high}",
                help=f"ask for {over.high} or fewer: `k` is how many of the largest are given",
                at="k",
            )
        axes = tuple(Axis.of("rank", self.k) if a.name == self.over else a for a in x.axes)
        return x.with_(axes=axes), ids(x, self.over, axes)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": x.from_end(self.over), "k": self.k}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.over: self.k}

    def reference(self, types: tuple[Array], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        over = types[0].at(self.over)
        first = descending(x, over).take(range(self.k), over)
        return np.take_along_axis(x, first, over), first

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="v, i = top(x, over=class, k=5)", outputs={"x": "f32[class=10]"}),
            Case(post="v, i = top(x, over=class, k=10)", outputs={"x": "f32[class=10]"}),
            Case(post="v, i = top(x, over=c, k=2)", outputs={"x": "f32[c=5, h=7, w=9]"}),
            Case(
                post="v, i = top(x, over=class, k=3)",
                outputs={"x": "f32[n=5, class=4]"},
                values=lambda: {"x": np.array(TIES + ENDS, np.float32)},
            ),
        )
