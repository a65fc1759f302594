"""The largest value along an axis, and its index.

`confidence, prediction = max(probabilities, over=class)`. Of equal values the first one wins; NaN
never wins, unless there is nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.scores._scores import descending, ids
from procdsl.ops.scores.argmax import ENDS, TIES
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Max(Op):
    outputs: ClassVar[int] = 2

    over: Word = arg(axis())

    def infer(self, x: Type) -> tuple[Array, Array]:
        expect_axis(x, self.over, self.name, "over")
        x = expect_dtype(x, self.name, "f32")
        largest = x.without(self.over)
        return largest, ids(x, self.over, largest.axes)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": x.from_end(self.over)}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.over: 1}

    def reference(self, types: tuple[Array], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        over = types[0].at(self.over)
        first = descending(x, over).take([0], over)
        return np.take_along_axis(x, first, over).squeeze(over), first.squeeze(over)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="v, i = max(x, over=class)", outputs={"x": "f32[class=10]"}),
            Case(post="v, i = max(x, over=c)", outputs={"x": "f32[c=5, h=7, w=9]"}),
            Case(
                post="v, i = max(x, over=class)",
                outputs={"x": "f32[n=5, class=4]"},
                values=lambda: {"x": np.array(TIES + ENDS, np.float32)},
            ),
        )
