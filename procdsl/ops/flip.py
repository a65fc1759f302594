"""Mirror an image.

`flip(horizontal)` swaps left and right, `flip(vertical)` swaps top and bottom. `back_to` undoes it
for boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from procdsl.arguments import arg, words
from procdsl.geometry import Geometry, Map
from procdsl.lazy import np
from procdsl.op import Case, GeometricOp, Kernel, want_sides
from procdsl.types import Array, Axis, Type
from procdsl.values import Word


@dataclass(frozen=True, kw_only=True)
class Flip(GeometricOp):
    views: ClassVar[bool] = True

    direction: Word = arg(words("horizontal", "vertical"), positional=True)

    @property
    def axis(self) -> str:
        return "w" if self.direction == "horizontal" else "h"

    def infer(self, x: Type) -> Array:
        return self.placed(want_sides(x, self.name))

    def geometry(self, h: int, w: int) -> Geometry:
        y, x = Map(h, h), Map(w, w)
        if self.axis == "h":
            return Geometry(h, w, Map(h, -h, h), x)
        return Geometry(h, w, y, Map(w, -w, w))

    @property
    def kernel(self) -> Kernel:
        return Kernel("flipped", (), {"horizontal": self.axis == "w"})

    def channelwise(self, x: Array) -> bool:
        return True

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        return h, w

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        return np.flip(x, types[0].at(self.axis))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("flip(horizontal)"),
            Case("flip(vertical)", image="u8[h, w] gray"),
            Case("layout(c, h, w)\nflip(horizontal)"),
            Case("flip(horizontal)", image="u16[h, w] gray"),
        )
