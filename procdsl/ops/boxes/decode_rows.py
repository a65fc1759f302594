"""Boxes, scores and classes from rows of six: what an end-to-end detector gives.

Each row of f32[anchor, row=6] is four box numbers in pixels of the model's input, a score and the
number of a class, as YOLOv10 and YOLO26 give them, and exports with a suppression of their own.
`boxes, scores, classes = decode_rows(raw, classes=80, box=xyxy)` gives boxes as (x1, y1, x2, y2),
f32[anchor, box=4], scores f32[anchor] and classes i64[anchor]; `above` takes the three. `box` says
what the four numbers are: `xyxy`, `xywh` (corner and size) or `cxcywh` (centre and size).

A class is cut to a whole number, and one outside of 0 to `classes - 1` to the nearest of these; NaN
becomes 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, whole, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.ops.boxes._forms import corners_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class DecodeRows(Op):
    inputs: ClassVar[tuple[str, ...]] = ("raw",)
    outputs: ClassVar[int] = 3
    may_alias: ClassVar[bool] = True

    classes: int = arg(whole(1, 100_000, 80))
    box: Word = arg(words("xyxy", "xywh", "cxcywh"))

    def infer(self, raw: Type) -> tuple[Array, Array, Array]:
        raw = expect_dtype(raw, self.name, "f32")
        if len(raw.axes) != 2 or raw.shape[1] != 6:
            swapped = len(raw.axes) == 2 and raw.shape[0] == 6
            raise Problem(
                "E307",
                "`decode_rows` does not find its rows of six",
                found=raw.described(),
                wanted="[anchor, row=6]: 4 box numbers, a score and a class",
                fix=Proposal.before(f"layout({raw.names[1]}, {raw.names[0]})") if swapped else None,
                help=""
                if swapped
                else "declare the model's output as it is; a score for each class is what "
                "`decode_yolo` takes",
            )
        rows = raw.axes[:1]
        boxes = Array(
            "f32", (*rows, Axis.of("box", 4)), kind="boxes", says=CORNERS, space=raw.space
        )
        ids = Array("i64", rows, kind="ids", range=Axis.of("class", self.classes).indices)
        return boxes, Array("f32", rows, kind="scores"), ids

    def attributes(self, raw: Array) -> Mapping[str, Attribute]:
        return {"box": str(self.box), "classes": self.classes}

    def reference(
        self, types: tuple[Array], raw: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        number = np.where(np.isnan(raw[:, 5]), 0, np.clip(raw[:, 5], 0, self.classes - 1))
        return corners_of(raw[:, :4], self.box), raw[:, 4], number.astype(np.int64)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        found = "found = above(b, s, i, score=0.25, limit=20)\nfound = back_to(found, image)"
        return tuple(
            Case(
                pre="letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                post=f"b, s, i = decode_rows(x, classes=3, box={box})\n{then}",
                outputs={"x": "f32[anchor=33, row=6]"},
            )
            for box, then in (
                ("xyxy", found),
                ("xywh", found),
                ("cxcywh", found),
                ("xyxy", "b = back_to(b, image)"),
            )
        )
