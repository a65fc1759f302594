"""Boxes from the distances of points to their four sides, on the grids of a model's levels.

FCOS, NanoDet, GFL, RTMDet, PP-YOLOE and, undecoded, YOLOv8 say for each place of grids at
`strides`, the finest first, row by row, how far the left, top, right and bottom side lie:
f32[anchor, box=4]. `boxes = decode_ltrb(distances, strides=(8, 16, 32), offset=0.5, unit=strides)`
makes boxes as (x1, y1, x2, y2). The point of column i is at `(i + offset) * stride`; `unit` says
whether distances are in `pixels` or in multiples of the stride of their level, `strides`. Of
distributions (GFL, DFL) the expected value is to be given.

`x - left`, `y - top`, `x + right`, `y + bottom`, in float32, are the lines of `distance2bbox` in
MMDetection; with strides that are powers of 2 Ultralytics' `dist2bbox` gives the same bits. The
model's input must have sides that `pre` fixes and that the strides divide.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, real, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.ops.boxes._grids import grid_points, grid_sides
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class DecodeLtrb(Op):
    inputs: ClassVar[tuple[str, ...]] = ("distances",)

    strides: tuple[int, ...] = arg(
        Many("strides in parentheses, the smallest first", (8, 16, 32), whole(1, 4096, 8))
    )
    offset: float | Fraction = arg(real(0, 1, 0.5))
    unit: Word = arg(words("pixels", "strides"))

    def infer(self, distances: Type) -> Array:
        known = isinstance(distances, Array) and (
            distances.kind is None
            or (distances.kind == "boxes" and distances.says[:1] == ("ltrb",))
        )
        if not isinstance(distances, Array) or distances.dtype != "f32" or not known:
            raise Problem(
                "E319",
                "`decode_ltrb` does not get distances",
                found=distances.described(),
                wanted="f32[anchor, box=4], or the same as boxes(ltrb, pixels)",
                help="give it what the model says of the four sides of each place, as float32; "
                "boxes of another form are for `convert_boxes`",
            )
        h, w = grid_sides(distances, self.strides, self.name)
        anchors = sum((h // s) * (w // s) for s in self.strides)
        if distances.shape != (anchors, 4):
            raise Problem(
                "E307",
                "`decode_ltrb` does not find its axes",
                found=distances.described(),
                wanted=f"[anchor={anchors}, box=4]: one row for each place of grids of a {h} x {w} "
                "image",
                help="check the shape of the model's output and `strides`; `layout` changes the "
                "order of axes",
            )
        return distances.with_(kind="boxes", says=CORNERS)

    def attributes(self, distances: Array) -> Mapping[str, Attribute]:
        return {
            "sides": grid_sides(distances, self.strides, self.name),
            "strides": self.strides,
            "offset": float(np.float32(float(self.offset))),
            "by_stride": self.unit == "strides",
        }

    def reference(self, types: tuple[Array], distances: np.ndarray) -> np.ndarray:
        x, y, stride = grid_points(*grid_sides(types[0], self.strides, self.name), self.strides)
        offset = np.float32(float(self.offset))
        if self.unit == "strides":
            distances = distances * stride[:, None]
        points = np.stack([(x + offset) * stride, (y + offset) * stride], axis=-1)
        return np.concatenate([points - distances[:, :2], points + distances[:, 2:]], axis=-1)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(
            Case(
                pre="letterbox(h=32, w=48, fill=114, sampler=cv2.nearest)",
                post=f"b = decode_ltrb(d, strides=(8, 16), offset={offset}, unit={unit})\n"
                "b = back_to(b, image)",
                outputs={"d": f"f32[anchor=30, box=4]{kind}"},
            )
            for offset in (0, 0.5, 1 / 3)
            for unit, kind in (("pixels", " boxes(ltrb, pixels)"), ("strides", ""))
        )
