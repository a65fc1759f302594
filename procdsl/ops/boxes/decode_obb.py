"""Rotated boxes and class scores from a YOLO head of oriented bounding boxes.

The model (YOLOv8-obb, YOLO11-obb) gives f32[feature, anchor]: centre and size in pixels of its
input, a score for each class, through a sigmoid already, and an angle in radians. `boxes, scores =
decode_obb(raw, classes=15)` gives rotated boxes f32[anchor, box=5], `rotated_boxes(cxcywh,
radians)`, and scores f32[anchor, class]; `nms_rotated` takes both. The numbers stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, whole
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._rotated import SAYS
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class DecodeObb(Op):
    inputs: ClassVar[tuple[str, ...]] = ("raw",)
    outputs: ClassVar[int] = 2
    may_alias: ClassVar[bool] = True

    classes: int = arg(whole(1, 100_000, 15))

    def infer(self, raw: Type) -> tuple[Array, Array]:
        raw = expect_dtype(raw, self.name, "f32")
        wanted = 5 + self.classes
        if len(raw.axes) != 2 or raw.shape[0] != wanted:
            swapped = len(raw.axes) == 2 and raw.shape[1] == wanted
            raise Problem(
                "E307",
                "`decode_obb` does not find its axes",
                found=raw.described(),
                wanted=f"[feature={wanted}, anchor]: 4 box numbers, {self.classes} classes and an "
                "angle",
                fix=Proposal.before(f"layout({raw.names[1]}, {raw.names[0]})") if swapped else None,
                help=""
                if swapped
                else "check the shape of the model's output and how many classes it has",
                at=None if swapped else "classes",
            )
        rows = raw.axes[1]
        boxes = Array(
            "f32", (rows, Axis.of("box", 5)), kind="rotated_boxes", says=SAYS, space=raw.space
        )
        return boxes, Array("f32", (rows, Axis.of("class", self.classes)), kind="scores")

    def attributes(self, raw: Array) -> Mapping[str, Attribute]:
        return {"end": 4 + self.classes}

    def reference(self, types: tuple[Array], raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.concatenate([raw[:4], raw[-1:]]).T, raw[4:-1].T

    @staticmethod
    def cases() -> tuple[Case, ...]:
        pre = "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)"
        post = "b, s = decode_obb(x, classes=3)\nc = polygons(b)\nc = back_to(c, image)"
        outputs = {"x": "f32[feature=8, anchor=33]"}
        return (
            Case(pre, f"{post}\ni = argmax(s, over=class)", outputs=outputs),
            Case(pre, post, outputs=outputs),
        )
