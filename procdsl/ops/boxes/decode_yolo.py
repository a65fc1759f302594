"""Boxes and class scores from a YOLO head whose boxes are in pixels.

The model gives f32[feature, anchor]: four box numbers in pixels of its input, then one score for
each class (a probability already). `boxes, scores = decode_yolo(raw, classes=80, box=cxcywh)` gives
boxes as (x1, y1, x2, y2), f32[anchor, box=4], and scores f32[anchor, class]. `box` says what the
four numbers are: `cxcywh` (centre and size), `xywh` (corner and size) or `xyxy`.

- YOLOv5 and v7 have an objectness before the classes: with `objectness=true` a score is the product
  of both, in float32.
- What stands behind the classes (key points, coefficients of masks, an angle) is a third result,
  f32[anchor, extra]: `boxes, scores, rest = decode_yolo(raw, classes=1, box=cxcywh, extra=51)`.
- Outputs for tiles, f32[tile, feature, anchor], give [tile, anchor, ...], for `untile_boxes`.
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
from procdsl.ops.boxes._forms import corners_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class DecodeYolo(Op):
    inputs: ClassVar[tuple[str, ...]] = ("raw",)
    outputs: ClassVar[int] = 2
    may_alias: ClassVar[bool] = True

    classes: int = arg(whole(1, 100_000, 80))
    box: Word = arg(words("cxcywh", "xywh", "xyxy"))
    extra: int = arg(whole(0, 100_000, 51), default=0)
    objectness: Word = arg(words("false", "true"), default=Word("false"))

    @property
    def gives(self) -> int:
        return 3 if self.extra else 2

    @property
    def _first(self) -> int:
        """The row of the first class."""
        return 4 + (self.objectness == "true")

    def infer(self, raw: Type) -> tuple[Array, ...]:
        raw = expect_dtype(raw, self.name, "f32")
        wanted = self._first + self.classes + self.extra
        leading = raw.axes[: raw.names[:1] == ("tile",)]
        raw = raw.with_(axes=raw.axes[len(leading) :])
        if len(raw.axes) != 2 or raw.shape[0] != wanted:
            swapped = not leading and len(raw.axes) == 2 and raw.shape[1] == wanted
            raise Problem(
                "E307",
                "`decode_yolo` does not find its axes",
                found=raw.described(),
                wanted=f"[feature={wanted}, anchor]: {self._wanted}",
                fix=Proposal.before(f"layout({raw.names[1]}, {raw.names[0]})") if swapped else None,
                help="" if swapped else self._other_rows(raw, wanted),
                at=None if swapped else "classes",
            )
        rows = (*leading, raw.axes[1])
        boxes = Array(
            "f32", (*rows, Axis.of("box", 4)), kind="boxes", says=CORNERS, space=raw.space
        )
        scores = Array("f32", (*rows, Axis.of("class", self.classes)), kind="scores")
        if not self.extra:
            return boxes, scores
        rest = Array("f32", (*rows, Axis.of("extra", self.extra)), space=raw.space)
        return boxes, scores, rest

    def attributes(self, raw: Array) -> Mapping[str, Attribute]:
        end = self._first + self.classes
        return {
            "box": str(self.box),
            "objectness": self._first == 5,
            "first": self._first,
            "end": end if self.extra else None,
        }

    @property
    def _wanted(self) -> str:
        """What the rows are taken for, in words."""
        objectness = ", an objectness" * (self._first == 5)
        extra = f" and {self.extra} more" * bool(self.extra)
        return f"4 box numbers{objectness} and {self.classes} classes{extra}"

    def _other_rows(self, raw: Array, wanted: int) -> str:
        """What rows beside boxes and classes may be, in words."""
        rows = raw.shape[0]
        if len(raw.axes) != 2 or rows is None:
            return f"declare the model's output as it is, such as `f32[feature={wanted}, anchor]`"
        if rows < wanted:
            return (
                f"{self._first} rows before them leave {max(rows - self._first - self.extra, 0)} "
                "for classes: name as many classes as the model was trained with, and check the "
                "shape of its output"
            )
        more = rows - wanted + self.extra
        ways = [f"classes: the model was trained with {rows - self._first - self.extra} of them"]
        if self._first == 4 and rows == wanted + 1:
            ways.append("`objectness=true`: the row before the classes is one (YOLOv5, v7)")
        ways.append(
            f"`extra={more}`, and a third result for them: key points, coefficients of masks, an "
            "angle, behind the classes"
        )
        return choices(
            f"{rows} rows are 4 box numbers, {self.classes} class{'es' * (self.classes > 1)} and "
            f"{rows - 4 - self.classes} more; say what they are",
            *ways,
        )

    def reference(self, types: tuple[Array], raw: np.ndarray) -> tuple[np.ndarray, ...]:
        raw = np.moveaxis(raw, -2, 0)
        end = self._first + self.classes
        scores = raw[self._first : end]
        if self._first == 5:
            scores = raw[4] * scores
        boxes = corners_of(np.moveaxis(raw[:4], 0, -1), self.box)
        found = boxes, np.moveaxis(scores, 0, -1)
        return (*found, np.moveaxis(raw[end:], 0, -1)) if self.extra else found

    @staticmethod
    def cases() -> tuple[Case, ...]:
        pre = "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)"
        found = (
            "found = nms(b, s, score=0.5, iou=0.5, per=class, limit=20)\n"
            "found = back_to(found, image)"
        )
        return (
            *(
                Case(
                    pre=pre,
                    post=f"b, s = decode_yolo(x, classes=3, box={box})\n{then}",
                    outputs={"x": "f32[feature=7, anchor=33]"},
                )
                for box, then in (
                    ("cxcywh", found),
                    ("xywh", found),
                    ("xyxy", found),
                    ("xyxy", "b = back_to(b, image)"),
                )
            ),
            *(
                Case(
                    pre=pre,
                    post=f"{results} = decode_yolo(x, classes=3, box=cxcywh, {more})\n{found}",
                    outputs={"x": f"f32[feature={rows}, anchor=33]"},
                )
                for results, more, rows in (
                    ("b, s", "objectness=true", 8),
                    ("b, s, rest", "extra=6", 13),
                    ("b, s, rest", "extra=1, objectness=true", 9),
                )
            ),
        )
