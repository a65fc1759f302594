"""Boxes and class scores from a YOLOv8 head.

The model gives f32[feature, anchor]: four box numbers in pixels of its input, then one score for
each class (a probability already). `boxes, scores = decode_yolo(raw, classes=80, box=cxcywh)` gives
boxes as (x1, y1, x2, y2), f32[anchor, box=4], and scores f32[anchor, class]. `box` says what the
four numbers are: `cxcywh` (centre and size), `xywh` (corner and size) or `xyxy`. Outputs for tiles,
f32[tile, feature, anchor], give boxes and scores [tile, anchor, ...], for `untile_boxes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, whole, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Case, Op
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class DecodeYolo(Op):
    inputs: ClassVar[tuple[str, ...]] = ("raw",)
    outputs: ClassVar[int] = 2

    classes: int = arg(whole(1, 100_000, 80))
    box: Word = arg(words("cxcywh", "xywh", "xyxy"))

    def infer(self, raw: Type) -> tuple[Array, Array]:
        raw = expect_dtype(raw, self.name, "f32", fix=Proposal.without_step())
        wanted = 4 + self.classes
        leading = raw.axes[: raw.names[:1] == ("tile",)]
        raw = raw.with_(axes=raw.axes[len(leading) :])
        if len(raw.axes) != 2 or raw.shape[0] != wanted:
            features = raw.shape[0] or 0
            swapped = not leading and len(raw.axes) == 2 and raw.shape[1] == wanted
            objectness = len(raw.axes) == 2 and wanted + 1 in raw.shape
            raise Problem(
                "E307",
                "`decode_yolo` does not find its axes",
                found=raw.described(),
                wanted=f"[feature={wanted}, anchor]: 4 box numbers and {self.classes} classes"
                + "; one more looks like the objectness of YOLOv5, which it does not take"
                * objectness,
                fix=Proposal.without_step()
                if objectness
                else Proposal.before(f"layout({raw.names[1]}, {raw.names[0]})")
                if swapped
                else Proposal.value(str(max(features - 4, 1))),
                at=None if swapped or objectness else "classes",
            )
        rows = (*leading, raw.axes[1])
        boxes = Array("f32", (*rows, Axis.of("box", 4)), kind="boxes", space=raw.space)
        scores = Array("f32", (*rows, Axis.of("class", self.classes)), kind="scores")
        return boxes, scores

    def reference(self, types: tuple[Array], raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        raw = np.moveaxis(raw, -2, 0)
        a, b, c, d = raw[:4]
        if self.box == "cxcywh":
            half_w, half_h = c * np.float32(0.5), d * np.float32(0.5)
            corners = [a - half_w, b - half_h, a + half_w, b + half_h]
        elif self.box == "xywh":
            corners = [a, b, a + c, b + d]
        else:
            corners = [a, b, c, d]
        return np.stack(corners, axis=-1), np.moveaxis(raw[4:], 0, -1)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(
            Case(
                pre="letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                post=f"b, s = decode_yolo(x, classes=3, box={box})\n"
                "found = nms(b, s, score=0.5, iou=0.5, per=class, limit=20)\n"
                "found = back_to(found, image)",
                outputs={"x": "f32[feature=7, anchor=33]"},
            )
            for box in ("cxcywh", "xywh", "xyxy")
        )
