"""Boxes and class scores from a YOLOv8 head.

The model gives f32[feature, anchor]: four box numbers in pixels of its input, then one score for
each class (a probability already). `boxes, scores = decode_yolo(raw, classes=80, box=cxcywh)` gives
boxes as (x1, y1, x2, y2), f32[anchor, box=4], and scores f32[anchor, class]. `box` says what the
four numbers are: `cxcywh` (centre and size), `xywh` (corner and size) or `xyxy`. Outputs for tiles,
f32[tile, feature, anchor], give boxes and scores [tile, anchor, ...], for `untile_boxes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, whole, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.records import dataclass
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
        raw = expect_dtype(raw, self.name, "f32")
        wanted = 4 + self.classes
        leading = raw.axes[: raw.names[:1] == ("tile",)]
        raw = raw.with_(axes=raw.axes[len(leading) :])
        if len(raw.axes) != 2 or raw.shape[0] != wanted:
            swapped = not leading and len(raw.axes) == 2 and raw.shape[1] == wanted
            raise Problem(
                "E307",
                "`decode_yolo` does not find its axes",
                found=raw.described(),
                wanted=f"[feature={wanted}, anchor]: 4 box numbers and {self.classes} classes",
                fix=Proposal.before(f"layout({raw.names[1]}, {raw.names[0]})") if swapped else None,
                help="" if swapped else self._other_rows(raw, wanted),
                at=None if swapped else "classes",
            )
        rows = (*leading, raw.axes[1])
        boxes = Array(
            "f32", (*rows, Axis.of("box", 4)), kind="boxes", says=CORNERS, space=raw.space
        )
        scores = Array("f32", (*rows, Axis.of("class", self.classes)), kind="scores")
        return boxes, scores

    def attributes(self, raw: Array) -> Mapping[str, Attribute]:
        return {"box": str(self.box)}

    def _other_rows(self, raw: Array, wanted: int) -> str:
        """What rows beside boxes and classes may be, in words."""
        rows = raw.shape[0]
        if len(raw.axes) != 2 or rows is None:
            return f"declare the model's output as it is, such as `f32[feature={wanted}, anchor]`"
        if rows < wanted:
            return (
                f"4 box numbers leave {max(rows - 4, 0)} rows for classes: name as many classes as "
                "the model was trained with, and check the shape of its output"
            )
        more = rows - wanted
        return choices(
            f"{rows} rows are 4 box numbers, {self.classes} class{'es' * (self.classes > 1)} and "
            f"{more} more; say what they are",
            f"classes: the model was trained with {rows - 4} of them",
            "something else (the objectness of YOLOv5, an angle, mask coefficients, keypoints): it "
            "does not decode that, and would take it for scores of classes; `procdsl explain "
            "extern` tells how a function of your own does",
        )

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
