"""Put the axes in the order that is named.

`layout(c, h, w)` of an image [h, w, c] gives what torch calls CHW. All axes are named, each once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word, shorten
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Layout(Op):
    may_alias: ClassVar[bool] = True

    axes: tuple[Word, ...] = arg(axis(), rest=True)

    def infer(self, x: Type) -> Array:
        if not isinstance(x, Array) or sorted(self.axes) != sorted(x.names):
            names = x.names if isinstance(x, Array) else ()
            kept = [name for name in dict.fromkeys(self.axes) if name in names]
            raise Problem(
                "E315",
                "`layout` does not name the axes of the value",
                found=f"({shorten(', '.join(self.axes))}) for {x.described()}",
                wanted=f"each of {', '.join(names)} once" if names else "an array with axes",
                help=self._help(names),
                then=x.with_(axes=tuple(x.axes[x.at(name)] for name in kept))
                if isinstance(x, Array) and set(kept) == set(names) == set(self.axes)
                else None,
            )
        return x.with_(axes=tuple(x.axes[x.at(name)] for name in self.axes))

    def _help(self, names: tuple[str, ...]) -> str:
        if "c" in self.axes and names in (("h", "w"), ("w", "h")):
            return (
                "`layout` makes no axis: declare the input with one, `[h, w, c=1]`, and give it "
                "`image[..., None]`, which is the same numbers; or name the axes that there are, "
                "and let the model's contract leave `c` out"
            )
        if not names:
            return "take an array with axes"
        return f"name {', '.join(names)} in the order in which they are to follow, each once"

    def order(self, x: Array) -> tuple[int, ...]:
        """For each axis of the result its position in `x`."""
        return tuple(x.at(name) for name in self.axes)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"order": self.order(x)}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        return np.transpose(x, self.order(*types))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("layout(c, h, w)"),
            Case("layout(w, h)", image="u8[h, w] gray"),
            Case("layout(h, w, c)", image="u8[c=3, h, w] rgb"),
        )
