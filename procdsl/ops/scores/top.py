"""The k largest values along an axis or two, largest first, and their indices.

`confidence, prediction = top(probabilities, over=class, k=5)`; the axis becomes `rank`. Equal
values keep the order of their indices; NaN comes last. With `k` the size of the axis all values are
sorted.

`confidence, query, label = top(scores, over=(query, class), k=300)` takes the largest of all
queries and classes together, as Deformable DETR and RT-DETR do, and gives an index along each;
`take` brings what else a query has. Of equal values the one of the lower query comes first, then
that of the lower class. The two axes become one, where the first of them stands in the value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.argument_types import OneOrMany
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

_OVER = OneOrMany("the name of an axis, or of two in parentheses", Word("class"), axis())


@dataclass(frozen=True, kw_only=True)
class Top(Op):
    over: Word | tuple[Word, ...] = arg(_OVER)
    k: int = arg(whole(1, AXIS, 5))

    @property
    def outputs(self) -> int:  # type: ignore[override]  # an index along each axis
        return 1 + len(self._names)

    @property
    def _names(self) -> tuple[Word, ...]:
        return self.over if isinstance(self.over, tuple) else (self.over,)

    def infer(self, x: Type) -> tuple[Array, ...]:
        if isinstance(self.over, tuple):
            self._check_two(x)
        else:
            expect_axis(x, self.over, self.name, "over")
        x = expect_dtype(x, self.name, "f32")
        over = [x.axes[x.at(name)] for name in self._names]
        highs = [axis.high for axis in over]
        most = None if None in highs else math.prod(high or 0 for high in highs)
        if most is not None and self.k > most:
            raise Problem(
                "E211",
                "`top` of more values than there are",
                found=f"k={self.k} over {' and '.join(map(str, over))}",
                wanted=f"k of at most {most}",
                help=f"ask for {most} or fewer: `k` is how many of the largest are given",
                at="k",
            )
        if len(over) > 1 and self.k > math.prod(axis.low for axis in over):
            raise Problem(
                "E211",
                "`top` over two axes of which there may be too few values",
                found=f"k={self.k} over {' and '.join(map(str, over))}",
                wanted="two axes whose sizes are known",
                help="write their sizes where the value is declared",
                at="over",
            )
        rank = Axis.of("rank", self.k)
        first = min(x.at(name) for name in self._names)
        kept = enumerate(x.axes)
        axes = tuple(
            rank if i == first else a for i, a in kept if i == first or a.name not in self._names
        )
        return x.with_(axes=axes), *(ids(x, name, axes) for name in self._names)

    def _check_two(self, x: Type) -> None:
        names = x.names if isinstance(x, Array) else ()
        if len(self._names) == 2 and len({*self._names} & {*names}) == 2:
            return
        raise Problem(
            "E307",
            "`top` over axes that are not there",
            found=f"({', '.join(self._names)}), on {x.described()}",
            wanted="one axis, or two of " + ", ".join(names) if names else "an array with axes",
            help="name two axes of the value, or one without parentheses",
            at="over",
        )

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        over = tuple(x.from_end(name) for name in self._names)
        behind = sum(name not in self._names for name in x.names[min(over) :])
        return {"over": over, "place": -1 - behind, "k": self.k}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {name: 1 if isinstance(self.over, tuple) else self.k for name in self._names}

    def reference(self, types: tuple[Array], x: np.ndarray) -> tuple[np.ndarray, ...]:
        over = [types[0].at(name) for name in self._names]
        moved = np.moveaxis(x, over, range(-len(over), 0))
        sizes = moved.shape[-len(over) :]
        rows = moved.reshape(*moved.shape[: -len(over)], math.prod(sizes))
        first = descending(rows, -1)[..., : self.k]
        found = np.take_along_axis(rows, first, -1), *np.unravel_index(first, sizes)
        return tuple(np.moveaxis(part, -1, min(over)) for part in found)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(post="v, i = top(x, over=class, k=5)", outputs={"x": "f32[class=10]"}),
            Case(post="v, i = top(x, over=class, k=10)", outputs={"x": "f32[class=10]"}),
            Case(post="v, i = top(x, over=c, k=2)", outputs={"x": "f32[c=5, h=7, w=9]"}),
            Case(
                post="v, q, i = top(x, over=(query, class), k=20)",
                outputs={"x": "f32[query=5, class=4]"},
                values=lambda: {"x": np.array((*TIES, *ENDS), np.float32)},
            ),
            Case(post="v, i, j = top(x, over=(w, c), k=2)", outputs={"x": "f32[h=3, c=2, w=1]"}),
            Case(post="v, i, j = top(x, over=(c, h), k=3)", outputs={"x": "f32[h=3, w=2, c=2]"}),
            Case(
                post="v, i = top(x, over=class, k=3)",
                outputs={"x": "f32[n=5, class=4]"},
                values=lambda: {"x": np.array(TIES + ENDS, np.float32)},
            ),
        )
