"""Bring boxes back to the pixels of an input.

`found = back_to(found, image)` undoes what `pre` did to the picture, last step first: a letterbox,
a resize, a crop, a pad, a flip, a rotation. The inverse is derived from `pre` and the size of the
picture, with the whole numbers of pixels that each step used, axis by axis:
`(v - offset) * source / content` in float32. NaN and infinities stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.opdef.argument_types import INPUT
from procdsl.opdef.arguments import arg
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.geometric import GeometricOp, followed
from procdsl.opdef.op import Case, Op
from procdsl.ops.boxes._boxes import boxes_of, lower_back, with_boxes
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.value import PictureSize, Record, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True, kw_only=True)
class BackTo(Op):
    inputs: ClassVar[tuple[str, ...]] = ("found",)

    frame: Word = arg(INPUT, positional=True)

    def infer(self, found: Type, size: PictureSize) -> Type:
        boxes = boxes_of(found, self.name)
        steps = boxes.space.steps_from(size.input) if boxes.space else None
        if steps is None:
            raise Problem(
                "E318",
                f"it is not known how to go back to `{size.input}`",
                found="boxes in no known coordinate space"
                if boxes.space is None
                else f"boxes that stem from `{boxes.space.root.name}`",
                wanted=f"boxes in a coordinate space that `pre` made of `{size.input}`",
                help=choices(
                    "say which picture the boxes are in",
                    f"`back_to({boxes.space.root.name})`: the pixels of the input that they stem "
                    "from"
                    if boxes.space
                    else "`@x` on both sides of the extern that they come through: what it gives "
                    "is in the pixels of what it takes",
                    "`@x` behind the output's type in the contract: the pixels of the model's "
                    "input x",
                ),
                then=found,
            )
        if not all(isinstance(step, GeometricOp) for step in steps):
            raise Problem(
                "E318",
                "these boxes are in pixels of tiles",
                found=boxes.described(),
                wanted=f"boxes of one picture: `untile_boxes(..., {size.input})` comes before",
                help=f"bring them together before: `boxes, scores = untile_boxes(boxes, scores, "
                f"{size.input})` adds to each box the corner of its tile",
                then=found,
            )
        return with_boxes(found, boxes.with_(space=CoordinateSpace(size.input)))

    def doubts(self, found: Type, size: PictureSize) -> Iterator[Problem]:
        if not path(boxes_of(found, self.name), size):
            yield Problem(
                "E320",
                "this step changes nothing",
                found=f"boxes that are in pixels of `{size.input}` already",
                wanted="boxes in pixels of another picture",
                fix=Proposal.without_step(),
            )

    def lower(self, build: Builder, found: Result, size: Variable) -> Result:
        boxes = build.field(found, "boxes")
        called = build.field(build.results()[0], "boxes")
        for at in reversed(build.follow(path(boxes.array, size.size), build.sides(size))):
            boxes = lower_back(build, boxes, at, called)
        return build.with_field(found, "boxes", boxes)

    def reference(self, types: Any, found: Any, size: tuple[int, int]) -> Any:
        record = isinstance(types[0], Record)
        boxes = found["boxes"] if record else found
        steps = path(boxes_of(types[0], self.name), types[1])
        for at in reversed(followed(steps, *size)):
            boxes = at.boxes_back(boxes)
        return {**found, "boxes": boxes} if record else boxes

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(
            Case(
                pre=pre,
                post="b, s = decode_yolo(x, classes=3, box=xyxy)\n"
                "b = back_to(b, image)\n"
                "i = argmax(s, over=class)",
                outputs={"x": "f32[feature=7, anchor=33]"},
                size=size,
            )
            for size in ((31, 45), (45, 31))
            for pre in (
                "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                "letterbox(h=64, w=48, fill=114, sampler=cv2.nearest, anchor=top_left)",
                "letterbox(h=64, w=64, fill=0, sampler=cv2.nearest, enlarge=false)",
                "resize(h=50, w=20, sampler=cv2.nearest)",
                "resize(short=24, sampler=cv2.nearest)\ncrop(center, h=20, w=21)",
                "resize(long=24, sampler=cv2.nearest)\npad(h=30, w=30, anchor=center, fill=0)",
                "resize(fit=(20, 30), sampler=cv2.nearest)\n"
                "pad(multiple=32, anchor=top_left, fill=0)",
                "pad(square, anchor=center, fill=0)\nresize(h=20, w=30, sampler=cv2.nearest)",
                "pad(top=1, left=2, right=3, fill=0)\ncrop(top=1, left=2, h=20, w=21)",
                "flip(horizontal)",
                "transpose()",
                "rotate(clockwise, degrees=90)",
                "rotate(counterclockwise, degrees=90)\nresize(h=50, w=20, sampler=cv2.nearest)",
                "crop(top=3, left=5, h=20, w=25)\n"
                "rotate(clockwise, degrees=180)\n"
                "pad(top=3, left=4, fill=0)\n"
                "rotate(clockwise, degrees=270)\n"
                "letterbox(h=64, w=48, fill=0, sampler=cv2.nearest)\n"
                "transpose()",
                "flip(vertical)\n"
                "letterbox(h=64, w=48, fill=0, sampler=cv2.nearest)\n"
                "flip(horizontal)",
            )
        )


def path(boxes: Array, size: PictureSize) -> tuple[GeometricOp, ...]:
    """The steps to undo, in the order in which they were done."""
    steps = boxes.space.steps_from(size.input) if boxes.space else None
    return tuple(step for step in steps or () if isinstance(step, GeometricOp))
