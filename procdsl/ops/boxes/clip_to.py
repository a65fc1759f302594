"""Limit boxes or points to the picture of an input.

`found = clip_to(found, image)` gives x from 0 to the width and y from 0 to the height of `image`.
The boxes or points must be in its pixels: `back_to` comes first. A NaN stays. A map has no
coordinates; its values are limited by `clip`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.argument_types import INPUT
from procdsl.opdef.arguments import arg
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Case, Op
from procdsl.ops.coordinates._coordinates import coordinates_of
from procdsl.records import dataclass
from procdsl.types.constants import Word
from procdsl.types.value import PictureSize, Record, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True, kw_only=True)
class ClipTo(Op):
    inputs: ClassVar[tuple[str, ...]] = ("found",)
    may_alias: ClassVar[bool] = True  # a record's scores and classes are those that it had

    frame: Word = arg(INPUT, positional=True)

    def infer(self, found: Type, size: PictureSize) -> Type:
        coordinates_of(found, self.name)
        return found

    def doubts(self, found: Type, size: PictureSize) -> Iterator[Problem]:
        boxes = coordinates_of(found, self.name)
        if boxes.space is None or boxes.space.name != size.input:
            yield Problem(
                "E317",
                f"these {boxes.kind} are not in pixels of `{size.input}`",
                found=f"{boxes.kind} in no known coordinate space"
                if boxes.space is None
                else f"{boxes.kind} in pixels of `{boxes.space.name}`",
                wanted=f"{boxes.kind} in pixels of `{size.input}`",
                help=choices(
                    "say which pixels are meant",
                    f"`back_to(..., {size.input})` before this step: the {boxes.kind} are brought "
                    f"to the pixels of `{size.input}`, and then cut to its sides",
                    f"without this step: the {boxes.kind} as they are",
                ),
            )

    def lower(self, build: Builder, found: Result, size: Variable) -> Result:
        clipped = build.field(build.results()[0], "boxes")
        boxes, named = build.field(found, "boxes"), {"size": size}
        attributes = {"points": boxes.array.kind == "points"}
        build.call(self.template, [boxes], attributes=attributes, named=named, result=clipped)
        return build.with_field(found, "boxes", clipped)

    def reference(self, types: Any, found: Any, size: tuple[int, int]) -> Any:
        record = isinstance(types[0], Record)
        boxes = found["boxes"] if record else found
        h, w = size
        high = np.array([w, h] * (boxes.shape[-1] // 2), np.float32)
        limited = np.where(boxes < 0, np.float32(0), boxes)
        limited = np.where(limited > high, high, limited)
        return {**found, "boxes": limited} if record else limited

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                pre="letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                post="b, s = decode_yolo(x, classes=3, box=xyxy)\n"
                "found = nms(b, s, score=0.5, iou=0.5, per=class, limit=20)\n"
                "found = back_to(found, image)\n"
                "found = clip_to(found, image)",
                outputs={"x": "f32[feature=7, anchor=33]"},
            ),
            Case(
                pre="letterbox(h=24, w=32, fill=114, sampler=cv2.nearest)",
                post="p = back_to(p, image)\np = clip_to(p, image)",
                outputs={"p": "f32[person=6, joint=5, xy=2] points(xy, pixels)"},
            ),
        )
