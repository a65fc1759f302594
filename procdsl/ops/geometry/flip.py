"""Mirror an image.

`flip(horizontal)` swaps left and right, `flip(vertical)` swaps top and bottom. `back_to` undoes it
for boxes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, words
from procdsl.opdef.expect import expect_sides
from procdsl.opdef.geometric import GeometricOp, PlacementRule
from procdsl.opdef.op import Attribute, Case
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.coordinates import AxisMap, Placement
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Flip(GeometricOp):
    may_alias: ClassVar[bool] = True

    direction: Word = arg(words("horizontal", "vertical"), positional=True)

    @property
    def axis(self) -> str:
        return "w" if self.direction == "horizontal" else "h"

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return x.names

    def infer(self, x: Type) -> Array:
        return self.placed(expect_sides(x, self.name))

    def placement(self, h: int, w: int) -> Placement:
        y, x = AxisMap(h, h), AxisMap(w, w)
        if self.axis == "h":
            return Placement(h, w, AxisMap(h, -h, h), x)
        return Placement(h, w, y, AxisMap(w, -w, w))

    @property
    def placement_rule(self) -> PlacementRule:
        return PlacementRule("flipped", (), {"horizontal": self.axis == "w"})

    def undone(self) -> GeometricOp:
        return self

    def channelwise(self, x: Array) -> bool:
        return True

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        return h, w

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"axis": x.from_end(self.axis), "dtype": x.dtype}

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
