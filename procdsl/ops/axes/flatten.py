"""Axes that stand side by side as one.

`anchors = flatten(map, h, w, to=anchor)` makes `[c, anchor]` of `[c, h, w]`: the numbers stay where
they are, the axis that is named last runs fastest. `layout` brings axes side by side, and into
another order. `unflatten` makes several of one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word, shorten
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Flatten(Op):
    may_alias: ClassVar[bool] = True

    axes: tuple[Word, ...] = arg(axis(), rest=True)
    to: Word = arg(axis())

    def infer(self, x: Type) -> Array:
        names = x.names if isinstance(x, Array) else ()
        first = names.index(self.axes[0]) if {*self.axes[:1]} & {*names} else 0
        count = len(self.axes)
        if not isinstance(x, Array) or not count or names[first : first + count] != self.axes:
            raise Problem(
                "E315",
                "`flatten` does not name axes that stand side by side",
                found=f"({shorten(', '.join(self.axes))}) of {x.described()}",
                wanted="axes in the order in which the value has them, with none between",
                help="name them as they stand, or bring them there before: `layout` with the names "
                "of all axes",
            )
        if self.to in set(names) - set(self.axes):
            raise Problem(
                "E315",
                "`flatten` gives an axis the name of another one",
                found=f"to={self.to} of {x.described()}",
                wanted="a name that no other axis has",
                help="name what the rows are then, such as `anchor` or `token`",
                at="to",
            )
        parts = x.axes[first : first + count]
        found = next((a for a in parts if a.size is None and a.low == 0 and a.high), None)
        if found is not None:
            raise Problem(
                "E327",
                "`flatten` of rows that are found",
                found=f"`{found.name}`, of which there are up to {found.high}",
                wanted="axes whose size does not depend on what is found",
                help="do it before the step that finds, or leave that axis as it is",
            )
        highs = [a.high for a in parts]
        high = None if None in highs else math.prod(h or 0 for h in highs)
        merged = Axis(self.to, math.prod(a.low for a in parts), high)
        after = x.with_(axes=(*x.axes[:first], merged, *x.axes[first + count :]))
        if "c" in self.axes:
            after = after.with_(colour=None)
        return after.with_(kind=None) if x.kind == "boxes" and names[-1] in self.axes else after

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"first": x.from_end(self.axes[0]), "last": x.from_end(self.axes[-1])}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        first, last = types[0].at(self.axes[0]), types[0].at(self.axes[-1]) + 1
        merged = math.prod(x.shape[first:last])
        return x.reshape(*x.shape[:first], merged, *x.shape[last:])

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="y = flatten(x, h, w, to=anchor)", outputs={"x": "f32[c=2, h=3, w=4]"}),
            Case(post="y = flatten(x, c, h, w, to=d)", outputs={"x": "i64[c=2, h=3, w=4]"}),
            Case(post="y = flatten(x, c, h, to=c)", outputs={"x": "bool[c=2, h=1, w=4]"}),
            Case("to_float(scale=1/255)\nflatten(h, w, to=pixel)"),
        )
