"""One axis as several that stand side by side.

`bins = unflatten(raw, feature, axes=(side, bin), sizes=(4, 16))` makes `[side=4, bin=16, anchor]`
of `[feature=64, anchor]`: the numbers stay where they are, the axis that is named last runs
fastest. `flatten` makes one of several.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, axis, whole
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word, show
from procdsl.types.value import Type

_AXES = Many("the names of axes, in parentheses", (Word("side"), Word("bin")), axis())
_SIZES = Many("their sizes, in parentheses", (4, 16), whole(1, AXIS, 4))


@dataclass(frozen=True, kw_only=True)
class Unflatten(Op):
    may_alias: ClassVar[bool] = True

    axis: Word = arg(axis(), positional=True)
    axes: tuple[Word, ...] = arg(_AXES)
    sizes: tuple[int, ...] = arg(_SIZES)

    def infer(self, x: Type) -> Array:
        x = expect_axis(x, self.axis, self.name, "axis")
        of, at = x.axes[x.at(self.axis)], x.at(self.axis)
        names = [*x.names[:at], *self.axes, *x.names[at + 1 :]]
        if len(set(names)) < len(names) or len(self.axes) != len(self.sizes):
            raise Problem(
                "E315",
                "`unflatten` does not name each axis once, with its size",
                found=f"axes={show(self.axes)}, sizes={show(self.sizes)} of {x.described()}",
                wanted="a new name and a size for each axis",
                help="write as many sizes as axes, and names that no other axis has",
                at="axes",
            )
        if math.prod(self.sizes) != of.size:
            raise Problem(
                "E322",
                "sizes that do not make up the axis",
                found=f"{' x '.join(map(str, self.sizes))} = {math.prod(self.sizes)} of `{of}`",
                wanted="an axis of that size, as its type says",
                help="write sizes whose product is that of the axis; where it is open, the "
                "contract of the model may give it a size",
                at="sizes",
            )
        parts = tuple(Axis.of(n, s) for n, s in zip(self.axes, self.sizes, strict=True))
        after = x.with_(axes=(*x.axes[:at], *parts, *x.axes[at + 1 :]))
        if self.axis == "c":
            after = after.with_(colour=None)
        return after.with_(kind=None) if x.kind == "boxes" and self.axis == x.names[-1] else after

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"axis": x.from_end(self.axis), "sizes": self.sizes}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        at = types[0].at(self.axis)
        return x.reshape(*x.shape[:at], *self.sizes, *x.shape[at + 1 :])

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                post="y = unflatten(x, feature, axes=(side, bin), sizes=(4, 3))",
                outputs={"x": "f32[feature=12, anchor=5]"},
            ),
            Case(
                post="y = unflatten(x, anchor, axes=(h, w), sizes=(1, 5))",
                outputs={"x": "i64[feature=2, anchor=5]"},
            ),
            Case("unflatten(c, axes=(a, c), sizes=(1, 3))"),
        )
