"""Boxes and class scores from a YOLOX head, whose boxes are on grids.

The model gives f32[feature, anchor]: four box numbers, an objectness and a score for each class,
both through a sigmoid already, for each place of grids at `strides`, the finest first, row by row.
`boxes, scores = decode_yolox(raw, classes=80, strides=(8, 16, 32))` gives boxes as (x1, y1, x2,
y2), f32[anchor, box=4], and scores f32[anchor, class], the product of objectness and class.

At column i and row j of a grid the centre is `(x + i) * stride`, `(y + j) * stride`, the width
`exp(w) * stride`, in float32; exp is computed in float64 and rounded once. These are the lines of
`decode_outputs` in Megvii's YOLOX. The model's input must have sides that `pre` fixes and that the
strides divide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, whole
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.ops.boxes._forms import corners_of
from procdsl.ops.boxes._grids import grid_points, grid_sides
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class DecodeYolox(Op):
    inputs: ClassVar[tuple[str, ...]] = ("raw",)
    outputs: ClassVar[int] = 2

    classes: int = arg(whole(1, 100_000, 80))
    strides: tuple[int, ...] = arg(
        Many("strides in parentheses, the smallest first", (8, 16, 32), whole(1, 4096, 8))
    )

    def infer(self, raw: Type) -> tuple[Array, Array]:
        raw = expect_dtype(raw, self.name, "f32")
        wanted = 5 + self.classes
        h, w = grid_sides(raw, self.strides, self.name)
        anchors = sum((h // s) * (w // s) for s in self.strides)
        if raw.shape != (wanted, anchors):
            swapped = raw.shape == (anchors, wanted)
            raise Problem(
                "E307",
                "`decode_yolox` does not find its axes",
                found=raw.described(),
                wanted=f"[feature={wanted}, anchor={anchors}]: 4 box numbers, an objectness and "
                f"{self.classes} classes, on grids of a {h} x {w} image",
                fix=Proposal.before(f"layout({raw.names[1]}, {raw.names[0]})") if swapped else None,
                help=""
                if swapped
                else "check the shape of the model's output, `classes` and "
                "`strides`; boxes that the model has decoded itself are for `decode_yolo(..., "
                "objectness=true)`",
            )
        rows = raw.axes[1:]
        boxes = Array(
            "f32", (*rows, Axis.of("box", 4)), kind="boxes", says=CORNERS, space=raw.space
        )
        return boxes, Array("f32", (*rows, Axis.of("class", self.classes)), kind="scores")

    def error_bound(self, raw: Array) -> ErrorBound:
        return ErrorBound(
            2.4e-7,
            "exp is not the same in every library; computed in float64 and rounded to float32 it "
            "differs by one unit in the last place at most, which a size and two corners hand on",
        )

    def attributes(self, raw: Array) -> Mapping[str, Attribute]:
        return {"sides": grid_sides(raw, self.strides, self.name), "strides": self.strides}

    def reference(self, types: tuple[Array], raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        x, y, stride = grid_points(*grid_sides(types[0], self.strides, self.name), self.strides)
        size = np.exp(raw[2:4].astype(np.float64)).astype(np.float32) * stride
        boxes = np.stack([(raw[0] + x) * stride, (raw[1] + y) * stride, *size], axis=-1)
        return corners_of(boxes, "cxcywh"), np.moveaxis(raw[4] * raw[5:], 0, -1)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(5)
            boxes, scores = rng.normal(0, 0.7, (4, 30)), rng.random((4, 30))
            return {"x": np.concatenate([boxes, scores]).astype(np.float32)}

        post = "b, s = decode_yolox(x, classes=3, strides=(8, 16))\nb = back_to(b, image)"
        pre = "letterbox(h=32, w=48, fill=114, sampler=cv2.nearest)"
        return (
            Case(pre, post, outputs={"x": "f32[feature=8, anchor=30]"}, values=values),
            Case(
                pre,
                f"x = layout(x, feature, anchor)\n{post}",
                outputs={"x": "f32[anchor=30, feature=8]"},
                values=lambda: {"x": values()["x"].T.copy()},
            ),
        )
