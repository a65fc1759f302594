"""Turn an image by quarters.

`rotate(clockwise, degrees=90)` is OpenCV's ROTATE_90_CLOCKWISE and Pillow's `Transpose.ROTATE_270`,
`rotate(counterclockwise, degrees=90)` is ROTATE_90_COUNTERCLOCKWISE, `Transpose.ROTATE_90` and
`np.rot90`. `degrees` is 90, 180 or 270; pixels move and are not sampled. `back_to` undoes it for
boxes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import ArgumentType
from procdsl.opdef.arguments import arg, words
from procdsl.opdef.expect import expect_sides
from procdsl.opdef.geometric import GeometricOp, PlacementRule
from procdsl.opdef.op import Attribute, Case
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Constant, Word
from procdsl.types.coordinates import AxisMap, Placement
from procdsl.types.value import Type


@dataclass(frozen=True)
class Quarters(ArgumentType):
    """A right angle, or two or three of them."""

    def read(self, value: Constant) -> int:
        if not isinstance(value, int) or value not in (90, 180, 270):
            raise self.unfit(value)
        return value


@dataclass(frozen=True, kw_only=True)
class Rotate(GeometricOp):
    may_alias: ClassVar[bool] = True

    direction: Word = arg(words("clockwise", "counterclockwise"), positional=True)
    degrees: int = arg(Quarters("90, 180 or 270", 90))

    @property
    def quarters(self) -> int:
        """How many right angles counterclockwise."""
        turns = self.degrees // 90
        return turns if self.direction == "counterclockwise" else 4 - turns

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return x.names

    def infer(self, x: Type) -> Array:
        return self.placed(expect_sides(x, self.name))

    def placement(self, h: int, w: int) -> Placement:
        y, x = AxisMap(h, h), AxisMap(w, w)
        mirrored_y, mirrored_x = AxisMap(h, -h, h), AxisMap(w, -w, w)
        if self.quarters == 2:
            return Placement(h, w, mirrored_y, mirrored_x)
        if self.quarters == 1:
            return Placement(w, h, y, mirrored_x, transposed=True)
        return Placement(w, h, mirrored_y, x, transposed=True)

    @property
    def placement_rule(self) -> PlacementRule:
        return PlacementRule("turned", (self.quarters,))

    def undone(self) -> GeometricOp:
        return Rotate(direction=Word("clockwise"), degrees=90 * self.quarters)

    def channelwise(self, x: Array) -> bool:
        return True

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        if self.quarters == 2:
            return h, w
        return Axis("h", w.low, w.high), Axis("w", h.low, h.high)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        axes = (x.from_end("h"), x.from_end("w"))
        return {"quarters": self.quarters, "axes": axes, "dtype": x.dtype}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        return np.rot90(x, self.quarters, (types[0].at("h"), types[0].at("w")))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        turns = [
            f"rotate({direction}, degrees={degrees})"
            for direction in ("clockwise", "counterclockwise")
            for degrees in (90, 180, 270)
        ]
        return (
            *(Case(turn) for turn in turns),
            *(Case(f"layout(c, h, w)\n{turn}\nlayout(h, w, c)") for turn in turns),
            *(Case(turn, image="u16[h, w] gray") for turn in turns),
            Case(turns[0], image="u8[h, w] gray"),
            Case(turns[0], image="u8[h, w, c=1] gray"),
            Case(f"{turns[3]}\nresize(h=20, w=30, sampler=cv2.linear)"),
            Case(turns[0], image="u8[t=3, h, w, c=3] rgb"),
        )
