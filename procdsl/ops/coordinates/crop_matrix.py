"""The matrix that cuts one box out of a picture for `warp`, as top-down pose estimation does.

`m = crop_matrix(person, h=256, w=192, grow=1.25)` takes one box, `f32[box=4] boxes(xyxy, pixels)`.
Round its middle it becomes `grow` times as large, and then as much wider or higher as it takes for
the shape of h x w; that is scaled to w pixels across, and its middle comes to (w / 2, h / 2). So do
mmpose's GetBBoxCenterScale and TopdownAffine (get_warp_matrix without a turn), MMPose 1.x.

All is computed in float64 and rounded to float32 once: (x1 + x2) / 2 for the middle,
`width = max((x2 - x1) grow, (y2 - y1) grow w / h)`, `s = w / width`, and the matrix
((s, 0, w / 2 - s x), (0, s, h / 2 - s y)), from the picture to the crop. mmpose solves for it in
float64 of points in float32; the two differ by 1e-6 of the numbers. A box without a width and a
height gives infinities, and `warp` then nothing but `fill`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.opdef.argument_types import Real, Side
from procdsl.opdef.arguments import arg
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import boxes_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Number
from procdsl.types.value import Type

_SIDE = Side("a whole number of pixels", 256, 1, SIDE)


@dataclass(frozen=True, kw_only=True)
class CropMatrix(Op):
    inputs: ClassVar[tuple[str, ...]] = ("box",)

    h: int = arg(_SIDE)
    w: int = arg(_SIDE)
    grow: Number = arg(Real("a number from 0.01 to 100", 1.25, 0.01, 100))

    def infer(self, box: Type) -> Array:
        x = boxes_of(box, self.name)
        if not isinstance(box, Array) or len(x.axes) != 1:
            raise Problem(
                "E319",
                f"`{self.name}` of several boxes",
                found=box.described(),
                wanted="one box: `f32[box=4] boxes(xyxy, pixels)`",
                help="one call is one person: declare the box without the axis of boxes, and call "
                "the pipeline once for each, or in a batch",
                then=MATRIX,
            )
        return MATRIX

    def attributes(self, box: Array) -> Mapping[str, Attribute]:
        return {"h": self.h, "w": self.w, "grow": float(self.grow)}

    def reference(self, types: object, box: np.ndarray) -> np.ndarray:
        x1, y1, x2, y2 = box.astype(np.float64)
        with np.errstate(all="ignore"):  # a box may be empty, or no numbers
            width, height = (x2 - x1) * float(self.grow), (y2 - y1) * float(self.grow)
            fitted = height * (self.w / self.h)
            s = self.w / (fitted if fitted > width else width)
            x, y = self.w / 2 - s * ((x1 + x2) / 2), self.h / 2 - s * ((y1 + y2) / 2)
            return np.array([[s, 0, x], [0, s, y]]).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(
            Case(
                pre="m = crop_matrix(person, h=64, w=48, grow=1.25)\n"
                "x = warp(image, m, h=64, w=48, sampler=cv4.linear, fill=0)",
                post="p = back_to(p, image)",
                inputs={"person": "f32[box=4] boxes(xyxy, pixels)"},
                fed="x: u8[h=64, w=48, c=3] bgr",
                outputs={"p": "f32[k=5, xy=2] points(xy, pixels) @x"},
                values=lambda box=box: {"person": np.array(box, np.float32)},  # type: ignore[misc]
            )
            for box in ((10, 5, 30, 29), (3.3, 2.1, 41.7, 11), (5, 5, 5, 5))
        )


MATRIX = Array("f32", (Axis.of("row", 2), Axis.of("column", 3)))
"""The matrix of an affine map from a picture to another one."""
