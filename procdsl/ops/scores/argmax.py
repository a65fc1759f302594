"""The index of the largest value along an axis.

Of equal values the first one wins; NaN never wins, unless there is nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.scores._scores import descending, doubts_of_one, doubts_of_places, ids
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.value import Type

NAN = float("nan")
TIES = ((1.0, 3.0, 3.0, 2.0), (NAN, -1.0, NAN, -1.0), (NAN, NAN, NAN, NAN))
ENDS = ((float("-inf"), NAN, float("-inf"), -5.0), (NAN, float("-inf"), NAN, float("-inf")))


@dataclass(frozen=True, kw_only=True)
class Argmax(Op):
    over: Word = arg(axis())

    def infer(self, x: Type) -> Array:
        expect_axis(x, self.over, self.name, "over")
        x = expect_dtype(x, self.name, "f32")
        return ids(x, self.over, x.without(self.over).axes)

    def doubts(self, x: Array) -> Iterator[Problem]:
        yield from doubts_of_places(x, self.name, "scores: the largest coordinate is no class")
        yield from doubts_of_one(
            x,
            self.name,
            self.over,
            "0",
            "`threshold` for this step: whether one number is above a bound",
        )

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": x.from_end(self.over)}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.over: 1}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        over = types[0].at(self.over)
        return descending(x, over).take(0, over)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="i = argmax(x, over=class)", outputs={"x": "f32[class=10]"}),
            Case(post="i = argmax(x, over=c)", outputs={"x": "f32[c=5, h=7, w=9]"}),
            Case(post="i = argmax(x, over=w)", outputs={"x": "f32[c=5, h=7, w=9]"}),
            Case(
                post="i = argmax(x, over=class)",
                outputs={"x": "f32[n=5, class=4]"},
                values=lambda: {"x": np.array(TIES + ENDS, np.float32)},
            ),
        )
