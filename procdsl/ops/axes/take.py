"""The places of an axis that an index names, in the order of the index.

`boxes = take(boxes, query, along=query)` with the ids that `top` gave brings the boxes [query,
box=4] in the order of the scores: [rank, box=4]. The axes of the index stand where the axis was, as
in `numpy.take`. An index may name a place twice. One outside the axis is an error; a number below 0
is none that counts from the end.
"""

from __future__ import annotations

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
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Take(Op):
    inputs: ClassVar[tuple[str, ...]] = ("x", "index")

    along: Word = arg(axis())

    def infer(self, x: Type, index: Type) -> Array:
        x = expect_axis(x, self.along, self.name, "along")
        index = expect_dtype(index, self.name, "i64", "i32")
        of, at = x.axes[x.at(self.along)], x.at(self.along)
        others = {name for name in x.names if name != self.along}
        if others & set(index.names):
            raise Problem(
                "E327",
                "`take` by an index of other axes of the value",
                found=f"{x} and {index}",
                wanted="an index whose axes the value does not have",
                help="the axes of the index come in the place of one axis of the value; `max` "
                "gives the largest of each row, `top` the first few",
            )
        if index.range is not None and of.size is not None and index.range.high >= of.size:
            raise Problem(
                "E322",
                "an index of more places than the axis has",
                found=f"{index.described()}, along `{of}`",
                wanted=f"ids 0 to {of.size - 1}",
                help="take along the axis of which the index is: that over which it was computed",
                at="along",
            )
        after = x.with_(axes=(*x.axes[:at], *index.axes, *x.axes[at + 1 :]))
        if self.along == "c":
            after = after.with_(colour=None)
        if x.kind == "boxes" and self.along == x.names[-1]:
            after = after.with_(kind=None)
        return after.with_(space=None) if self.along in ("h", "w") else after

    def attributes(self, x: Array, index: Array) -> Mapping[str, Attribute]:
        return {
            "axis": x.from_end(self.along),
            "rank": len(x.axes),
            "index_rank": len(index.axes),
            "of_none": x.axes[x.at(self.along)].low == 0 and not self.least_sizes(x, index),
        }

    def least_sizes(self, x: Array, index: Array) -> Mapping[str, int]:
        if any(axis.low == 0 for axis in index.axes):
            return {}  # nothing can be taken of nothing
        return {self.along: 1}

    def reference(self, types: tuple[Array, Array], x: np.ndarray, index: np.ndarray) -> np.ndarray:
        at = types[0].at(self.along)
        if np.any(index < 0) or np.any(index >= x.shape[at]):
            raise ValueError(f"an index outside the {x.shape[at]} places of `{self.along}`")
        return np.take(x, index, at)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(4)
            return {
                "x": rng.standard_normal((6, 3, 5)).astype(np.float32),
                "i": rng.integers(0, 3, (2, 4)),
            }

        return (
            Case(
                post="v, i = top(s, over=query, k=3)\ny = take(x, i, along=query)",
                outputs={"s": "f32[query=9]", "x": "f32[query=9, box=4] boxes(xyxy, pixels)"},
            ),
            Case(
                post="i = argmax(s, over=d)\ny = take(x, i, along=class)",
                outputs={"s": "f32[d=4]", "x": "i64[n=2, class=4]"},
            ),
            Case(
                post="y = take(x, i, along=n)",
                outputs={"x": "f32[a=6, n=3, b=5]", "i": "i64[p=2, q=4]"},
                values=values,
            ),
        )
