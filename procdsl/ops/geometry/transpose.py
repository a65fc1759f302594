"""Exchange the rows and the columns of an image.

What `cv2.transpose` and Pillow's `Transpose.TRANSPOSE` do: the pixel in row i and column j goes to
row j and column i, and an h x w image becomes w x h. The axes keep their names (`layout` changes
their order and leaves the picture as it is). `back_to` undoes it for boxes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.expect import expect_sides
from procdsl.opdef.geometric import GeometricOp, PlacementRule
from procdsl.opdef.op import Attribute, Case
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.coordinates import AxisMap, Placement
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Transpose(GeometricOp):
    may_alias: ClassVar[bool] = True

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return x.names

    def infer(self, x: Type) -> Array:
        return self.placed(expect_sides(x, self.name))

    def placement(self, h: int, w: int) -> Placement:
        return Placement(w, h, AxisMap(h, h), AxisMap(w, w), transposed=True)

    @property
    def placement_rule(self) -> PlacementRule:
        return PlacementRule("transposed", ())

    def undone(self) -> GeometricOp:
        return self

    def channelwise(self, x: Array) -> bool:
        return True

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        return Axis("h", w.low, w.high), Axis("w", h.low, h.high)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"axes": (x.from_end("h"), x.from_end("w"))}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        return np.swapaxes(x, types[0].at("h"), types[0].at("w"))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("transpose()"),
            Case("transpose()\ntranspose()", image="u8[h, w] gray"),
            Case("layout(c, h, w)\ntranspose()"),
            Case("layout(w, c, h)\ntranspose()\nlayout(h, w, c)\ncrop(top=1, left=2, h=30, w=20)"),
            Case("transpose()", image="u16[t=3, h, w, c=3] rgb"),
        )
