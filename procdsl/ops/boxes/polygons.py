"""The four corners of rotated boxes, as points.

`corners = polygons(boxes)` of f32[..., box=5] gives f32[..., corner=4, xy=2], which `back_to`
brings to the picture. `found = polygons(found)` makes them of the boxes that `nms_rotated` found,
beside their scores and classes. Of a box that is turned by 0 the corners are the one at the bottom
right, then top right, top left, bottom left, which is the order of Ultralytics' `xywhr2xyxyxyxy`:
with `a = (w/2 cos, w/2 sin)` and `b = (-h/2 sin, h/2 cos)` they are centre + a + b, centre + a - b,
centre - a - b, centre - a + b.

All is computed in float64 and rounded to float32 once. The corners of a box whose angle is NaN, or
beyond 100,000 radians, are NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.lazy import np
from procdsl.opdef.op import Case, Op
from procdsl.ops.boxes._boxes import with_boxes
from procdsl.ops.boxes._rotated import cosine_sine, expect_rotated
from procdsl.records import dataclass, replace
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import Record, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result


@dataclass(frozen=True, kw_only=True)
class Polygons(Op):
    inputs: ClassVar[tuple[str, ...]] = ("boxes",)
    may_alias: ClassVar[bool] = True  # a record's scores and classes are those that it had

    def infer(self, boxes: Type) -> Type:
        rotated = boxes.field("boxes") if isinstance(boxes, Record) else boxes
        of = expect_rotated(rotated or boxes, self.name)
        axes = (*of.axes[:-1], Axis.of("corner", 4), Axis.of("xy", 2))
        corners = Array("f32", axes, kind="points", says=("xy", "pixels"), space=of.space)
        found = with_boxes(boxes, corners)
        if isinstance(found, Record):
            said = found.doc.replace("boxes (cx, cy, w, h, angle)", "the corners (x, y) of boxes")
            found = replace(found, doc=said)
        return found

    def lower(self, build: Builder, boxes: Result) -> Result:
        corners = build.field(build.results()[0], "boxes")
        of = build.field(boxes, "boxes")
        build.call(self.template, [of], attributes={}, result=corners)
        return build.with_field(boxes, "boxes", corners)

    def reference(self, types: Any, boxes: Any) -> Any:
        if isinstance(boxes, dict):
            return {**boxes, "boxes": self._corners(boxes["boxes"])}
        return self._corners(boxes)

    def _corners(self, boxes: np.ndarray) -> np.ndarray:
        cx, cy, w, h, angle = np.moveaxis(boxes.astype(np.float64), -1, 0)
        cos, sin = cosine_sine(angle)
        w, h = 0.5 * w, 0.5 * h
        ax, ay, bx, by = w * cos, w * sin, -h * sin, h * cos
        xs = [cx + ax + bx, cx + ax - bx, cx - ax - bx, cx - ax + bx]
        ys = [cy + ay + by, cy + ay - by, cy - ay - by, cy - ay + by]
        with np.errstate(over="ignore"):
            return np.stack([np.stack(xs, -1), np.stack(ys, -1)], -1).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                "letterbox(h=64, w=48, fill=114, sampler=cv2.nearest)",
                "c = polygons(b)\nc = back_to(c, image)",
                outputs={"b": "f32[anchor=33, box=5] rotated_boxes(cxcywh, radians)"},
            ),
            Case(
                "resize(h=50, w=20, sampler=cv2.nearest)\nflip(horizontal)",
                "c = polygons(b)\nc = back_to(c, image)",
                outputs={"b": "f32[n=2, m=7, box=5] rotated_boxes(cxcywh, radians)"},
                values=lambda: {
                    "b": (np.random.default_rng(0).normal(0, 1, (2, 7, 5)) * 300).astype("f")
                },
            ),
        )
