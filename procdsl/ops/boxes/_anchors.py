"""What the ops share that make anchors: a few at each place of the grids of a model's levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, ConstantArray, Op
from procdsl.ops.boxes._grids import input_sides
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Level:
    """A grid: how many rows and columns, how far apart in pixels, and what is at each place."""

    rows: int
    columns: int
    step_y: int
    step_x: int
    cells: np.ndarray
    """f32[n, 4]: what is added to a place (x, y, x, y), or of sizes to (x, y, 0, 0)."""


class Anchors(Op):
    """Anchors for the rows of a value, which are counted, and whose picture is taken."""

    inputs: ClassVar[tuple[str, ...]] = ("x",)
    gain: ClassVar[float] = 0.0
    corners: ClassVar[bool] = True
    """Whether they are corners, or centres and sizes."""
    offset: ClassVar[float] = 0.0
    """Where a place lies in its square."""

    def levels(self, x: Array) -> Sequence[Level]:
        """The grids, or a `Problem`."""
        raise NotImplementedError  # each convention has its own

    def infer(self, x: Type) -> Array:
        if not isinstance(x, Array) or x.dtype != "f32" or not x.axes:
            raise Problem(
                "E319",
                f"`{self.name}` does not get what the model says of the anchors",
                found=x.described(),
                wanted="f32[anchor, box=4], or f32[anchor, class]",
                help="give it the value whose rows the anchors are for",
            )
        levels = self.levels(x)
        rows = x.axes[x.names[:1] == ("tile",)] if len(x.axes) > 1 else x.axes[0]
        count = sum(level.rows * level.columns * len(level.cells) for level in levels)
        if rows.size != count:
            h, w = input_sides(x, self.name)
            grids = ", ".join(f"{v.rows} x {v.columns} x {len(v.cells)}" for v in levels)
            raise Problem(
                "E307",
                f"`{self.name}` makes another number of anchors than there are rows",
                found=f"{count}, on grids of {grids}, for {x.described()}",
                wanted=f"{rows} of a {h} x {w} image",
                help="check the strides, the sizes and the ratios, and the shape of the model's "
                "output",
                at="strides",
            )
        leading = x.axes[: x.names[:1] == ("tile",)]
        form = "xyxy" if self.corners else "cxcywh"
        axes = (*leading, rows, Axis.of("box", 4))
        return Array("f32", axes, kind="boxes", says=(form, "pixels"), space=x.space)

    @property
    def template(self) -> str:
        """One for all of them."""
        return "ops/boxes/_anchors"

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        cells = np.concatenate([level.cells for level in self.levels(x)])
        numbers = tuple(float(n) for n in cells.ravel())
        return {"cells": ConstantArray("f32", numbers, cells.shape)}

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "levels": tuple(
                (v.rows, v.columns, v.step_y, v.step_x, len(v.cells)) for v in self.levels(x)
            ),
            "offset": self.offset,
            "corners": self.corners,
            "tiles": x.names[:1] == ("tile",),
        }

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        found = []
        offset = np.float32(self.offset)
        for level in self.levels(types[0]):
            rows, columns = np.mgrid[: level.rows, : level.columns].astype(np.float32)
            cx, cy = (columns + offset) * level.step_x, (rows + offset) * level.step_y
            none = np.zeros_like(cx)
            place = [cx, cy, cx, cy] if self.corners else [cx, cy, none, none]
            places = np.stack(place, -1).astype(np.float32).reshape(-1, 1, 4)
            found.append((places + level.cells).reshape(-1, 4))
        anchors = np.concatenate(found)
        tiles = types[0].names[:1] == ("tile",)
        return np.broadcast_to(anchors, (len(x), *anchors.shape)).copy() if tiles else anchors


def grid_of(sides: tuple[int, int], stride: int) -> tuple[int, int]:
    """The rows and columns of a level: what convolutions with a border leave of odd sides."""
    return -(-sides[0] // stride), -(-sides[1] // stride)
