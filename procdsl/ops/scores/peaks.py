"""Keep the numbers of a map that are the largest around them, and make the others 0.

`heat = peaks(heat, window=3)` keeps a number of f32[..., h, w] that none in the square of 3 x 3
places about it is above; what lies outside of the map takes no part. Equal neighbours are both
kept. A NaN becomes 0, and none of its neighbours is below it. It is the step behind the sigmoid of
CenterNet's heat map, "8-connected neighbours" (Zhou et al., Objects as Points, 2019, section 4),
and of other models that say where the middle of a thing is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, whole
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Peaks(Op):
    window: int = arg(whole(3, 31, 3))

    def axes_order(self, x: Array) -> tuple[str, ...]:
        """With the picture's axes behind the others."""
        if not {"h", "w"} <= set(x.names):
            return x.names
        return (*(name for name in x.names if name not in ("h", "w")), "h", "w")

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, "f32")
        if x.names[-2:] != ("h", "w"):
            raise Problem(
                "E316",
                "`peaks` of a value that is no map",
                found=x.described(),
                wanted="f32 with the axes h and w",
                help="name the axes h and w where the value is declared",
            )
        if self.window % 2 == 0:
            raise Problem(
                "E211",
                "a window that has no middle",
                found=f"window={self.window}",
                wanted="an odd number of places",
                help="3 looks at the 8 neighbours of each place",
                at="window",
            )
        span = Range(min(x.range.low, 0), max(x.range.high, 0)) if x.range else None
        return x.with_(range=span)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"window": self.window}

    def work(self, types: tuple[Array], *shapes: tuple[int, ...]) -> int:
        return math.prod(shapes[0]) * self.window**2

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        reach = self.window // 2
        known = np.where(np.isnan(x), np.float32("-inf"), x)
        around = [*[(0, 0)] * (x.ndim - 2), (reach, reach), (reach, reach)]
        wide = np.pad(known, around, constant_values=-np.inf)
        windows = np.lib.stride_tricks.sliding_window_view(
            wide, (self.window, self.window), axis=(-2, -1)
        )
        largest = windows.max(axis=(-2, -1))
        return np.where((known == largest) & ~np.isnan(x), x, np.float32(0))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def tied() -> dict[str, np.ndarray]:
            drawn = np.random.default_rng(3).integers(-4, 4, (2, 9, 11)).astype(np.float32)
            drawn[0, 3, 4], drawn[1, 5] = np.nan, -np.inf
            return {"x": drawn}

        return (
            Case(post="y = peaks(x, window=3)", outputs={"x": "f32[class=2, h=9, w=11]"}),
            Case(
                post="y = peaks(x, window=3)",
                outputs={"x": "f32[class=2, h=9, w=11]"},
                values=tied,
            ),
            Case(post="y = peaks(x, window=5)", outputs={"x": "f32[h=3, w=1]"}),
            Case(post="y = peaks(x, window=7)", outputs={"x": "f32[h, w, k=2]"}),
        )
