"""Put the axes in the order that is named.

`layout(c, h, w)` of an image [h, w, c] gives what torch calls CHW. All axes are named, each once.

A picture of one channel [h, w] may become [c=1, h, w]: the same numbers, with an axis for the
channel where `c` is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass, replace
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word, shorten
from procdsl.types.value import Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True, kw_only=True)
class Layout(Op):
    may_alias: ClassVar[bool] = True

    axes: tuple[Word, ...] = arg(axis(), rest=True)

    def infer(self, x: Type) -> Array:
        names = x.names if isinstance(x, Array) else ()
        if not isinstance(x, Array) or sorted(self.axes) != sorted((*names, *self._added(x))):
            kept = [name for name in dict.fromkeys(self.axes) if name in names]
            raise Problem(
                "E315",
                "`layout` does not name the axes of the value",
                found=f"({shorten(', '.join(self.axes))}) for {x.described()}",
                wanted=f"each of {', '.join(names)} once" if names else "an array with axes",
                help=f"name {', '.join(names)} in the order in which they are to follow, each once"
                if names
                else "take an array with axes",
                then=x.with_(axes=tuple(x.axes[x.at(name)] for name in kept))
                if isinstance(x, Array) and set(kept) == set(names) == set(self.axes)
                else None,
            )
        axes = {axis.name: axis for axis in (*x.axes, *self._added(x).values())}
        return x.with_(axes=tuple(axes[name] for name in self.axes))

    def _added(self, x: Array) -> dict[str, Axis]:
        """The axis of one channel that a picture [h, w] is given."""
        grey = {"h", "w"} <= set(x.names) <= {"t", "h", "w"}
        return {"c": Axis.of("c", 1)} if grey and "c" in self.axes else {}

    def order(self, x: Array) -> tuple[int, ...]:
        """For each axis of the result that `x` has its position there."""
        return tuple(x.at(name) for name in self.axes if name in x.names)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        order = self.order(x)
        return {
            "order": order,
            "moves": order != tuple(range(len(order))),
            "moved": _moved(order),
            "added": self.axes.index("c") - len(self.axes) if self._added(x) else None,
        }

    def lower(self, build: Builder, x: Variable) -> Result | tuple[Result, ...]:
        if self.axes == x.array.names:
            return x
        planes = x.array.names == ("c", "h", "w") and self.axes == ("h", "w", "c")
        result = replace(build.result(), planes=planes)
        attributes = self.attributes(x.array)
        return build.call(self.template, [x], attributes=attributes, result=result)

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        moved = np.transpose(x, self.order(*types))
        return np.expand_dims(moved, self.axes.index("c")) if self._added(*types) else moved

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("layout(c, h, w)"),
            Case("layout(w, h)", image="u8[h, w] gray"),
            Case("layout(c, h, w)", image="u8[h, w] gray"),
            Case("layout(w, c, h)", image="u8[h, w] gray"),
            Case("to_float(scale=1/255)\nlayout(h, w, c)", image="u8[h, w] gray"),
            Case(
                "resize(h=20, w=20, sampler=cv2.linear)\nlayout(c, t, h, w)\nto_float(scale=1/255)",
                image="u8[t=3, h, w] gray",
            ),
            Case("layout(h, w, c)", image="u8[c=3, h, w] rgb"),
        )


def _moved(order: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """From where to where axes are moved, counted from the last: one, where that is enough."""
    rank = len(order)
    for i in range(rank):
        for j in range(rank):
            others = [axis for axis in range(rank) if axis != i]
            if [*others[:j], i, *others[j:]] == list(order):
                return (i - rank,), (j - rank,)
    return tuple(axis - rank for axis in order), tuple(range(-rank, 0))
