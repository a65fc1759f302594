"""Boxes and class scores from the raw grid of one level of a YOLO with anchors: v3, v4, v5, v7.

The level gives f32[feature, h, w]: for each anchor four box numbers, an objectness and a number for
each class, none of them through a sigmoid yet. `boxes, scores = decode_yolo_grid(raw, classes=80,
anchors=(10, 13, 16, 30, 33, 23), scale_xy=2, size=squared)` gives boxes as (x1, y1, x2, y2),
f32[anchor, box=4], and scores f32[anchor, class], anchor by anchor and each row by row. `anchors`
are a width and a height of each, in pixels of the model's input; `concat(..., along=anchor)` puts
the levels behind each other.

At column i of a grid whose places are `stride` pixels wide, in float32:

- The centre is `(sigmoid(x) * scale_xy + (i - (scale_xy - 1) / 2)) * stride`: `scale_xy=1` in
  YOLOv3, 1.2, 1.1 and 1.05 in the levels of YOLOv4 (`scale_x_y` in its configuration), 2 in v5 and
  v7, where it is `2 * sigmoid(x) - 0.5`.
- The width is `exp(w) * anchor` with `size=exp` (v3, v4), and `(2 * sigmoid(w)) ** 2 * anchor` with
  `size=squared` (v5, v7, Scaled-YOLOv4).
- A score is `sigmoid(objectness) * sigmoid(class)`.

exp and sigmoid are computed in float64 and rounded once. The formulas are those of the papers
(Redmon and Farhadi, YOLOv3, 2018, figure 2; Bochkovskiy et al., YOLOv4, 2020, 3.4; Wang et al.,
Scaled-YOLOv4, 2021). Of raw outputs f32[anchor=3, h, w, feature=85], as v5 has them,
`layout(raw, anchor, feature, h, w)` and `flatten(raw, anchor, feature, to=feature)` come before.
The model's input must have sides that `pre` fixes. Outputs
for tiles, f32[tile, feature, h, w], give [tile, anchor, ...], for `untile_boxes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, real, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.ops.boxes._forms import corners_of
from procdsl.ops.boxes._grids import stride_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type

_ANCHORS = Many(
    "a width and a height of each anchor, in parentheses",
    (10, 13, 16, 30, 33, 23),
    real(1e-3, 16384, 10),
)


@dataclass(frozen=True, kw_only=True)
class DecodeYoloGrid(Op):
    inputs: ClassVar[tuple[str, ...]] = ("raw",)
    outputs: ClassVar[int] = 2

    classes: int = arg(whole(1, 100_000, 80))
    anchors: tuple[float | Fraction, ...] = arg(_ANCHORS)
    scale_xy: float | Fraction = arg(real(1, 4, 2))
    size: Word = arg(words("exp", "squared"))

    def infer(self, raw: Type) -> tuple[Array, Array]:
        raw = expect_dtype(raw, self.name, "f32")
        if len(self.anchors) % 2:
            raise Problem(
                "E210",
                "anchors without a width and a height each",
                found=f"{len(self.anchors)} numbers",
                wanted="two for each anchor: width, height, width, height, ...",
                help="write them as the model's configuration has them",
                at="anchors",
            )
        leading = raw.axes[: raw.names[:1] == ("tile",)]
        shape = raw.shape[len(leading) :]
        of_each = 5 + self.classes
        count = len(self.anchors) // 2
        wanted = count * of_each
        if len(shape) != 3 or shape[0] != wanted or None in shape:
            raise Problem(
                "E307",
                "`decode_yolo_grid` does not find its axes",
                found=raw.described(),
                wanted=f"[feature={wanted}, h, w], of known size: for each of {count} anchors 4 "
                f"box numbers, an objectness and {self.classes} classes",
                help="check the shape of the model's output, `classes` and `anchors`, which are "
                "those of this level; `layout` changes the order of axes",
            )
        stride_of(raw, self.name)
        rows = *leading, Axis.of("anchor", count * (shape[1] or 0) * (shape[2] or 0))
        boxes = Array(
            "f32", (*rows, Axis.of("box", 4)), kind="boxes", says=CORNERS, space=raw.space
        )
        return boxes, Array("f32", (*rows, Axis.of("class", self.classes)), kind="scores")

    def error_bound(self, raw: Array) -> ErrorBound:
        return ErrorBound(
            6e-7,
            "exp is not the same in every library; computed in float64 and rounded to float32 it "
            "differs by one unit in the last place at most, which a square and two corners hand on",
        )

    def constants(self, raw: Array) -> Mapping[str, ConstantArray]:
        numbers = tuple(float(np.float32(float(n))) for n in self.anchors)
        return {"anchors": ConstantArray("f32", numbers, (len(numbers) // 2, 2))}

    def attributes(self, raw: Array) -> Mapping[str, Attribute]:
        return {
            "features": 5 + self.classes,
            "h": raw.shape[-2],
            "w": raw.shape[-1],
            "stride": stride_of(raw, self.name),
            "scale": self._scale,
            "shift": self._shift,
            "squared": self.size == "squared",
        }

    @property
    def _scale(self) -> float:
        return float(np.float32(float(self.scale_xy)))

    @property
    def _shift(self) -> float:
        """What of a column a centre lies before its place at least."""
        return float(np.float32((float(self.scale_xy) - 1) / 2))

    def reference(self, types: tuple[Array], raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        stride = np.float32(stride_of(types[0], self.name))
        *leading, _, h, w = raw.shape
        levels = raw.reshape(*leading, -1, 5 + self.classes, h, w)
        x, y, tw, th, objectness, *classes = np.moveaxis(levels, -3, 0)
        rows, columns = np.mgrid[:h, :w].astype(np.float32)
        scale, shift = np.float32(self._scale), np.float32(self._shift)
        centre_x = (_sigmoid(x) * scale + (columns - shift)) * stride
        centre_y = (_sigmoid(y) * scale + (rows - shift)) * stride
        anchors = np.array(self.constants(*types)["anchors"].values, np.float32).reshape(-1, 2)
        size = np.stack([self._size(tw), self._size(th)], -1) * anchors[:, None, None]
        boxes = np.concatenate([np.stack([centre_x, centre_y], -1), size], -1)
        scores = np.stack([_sigmoid(objectness) * _sigmoid(c) for c in classes], -1)
        boxes = corners_of(boxes, "cxcywh").reshape(*leading, -1, 4)
        return boxes, scores.reshape(*leading, -1, self.classes)

    def _size(self, x: np.ndarray) -> np.ndarray:
        if self.size == "exp":
            return np.exp(x.astype(np.float64)).astype(np.float32)
        twice = _sigmoid(x) * np.float32(2)
        return twice * twice

    @staticmethod
    def cases() -> tuple[Case, ...]:
        pre = "letterbox(h=32, w=48, fill=114, sampler=cv2.nearest)"
        rule = "b = back_to(b, image)"
        return (
            *(
                Case(
                    pre,
                    f"b, s = decode_yolo_grid(x, classes=3, anchors=(10, 13, 16.5, 30), "
                    f"scale_xy={scale}, size={size})\n{rule}",
                    outputs={"x": "f32[feature=16, h=4, w=6]"},
                )
                for scale, size in ((1, "exp"), (1.05, "exp"), (2, "squared"), (2, "exp"))
            ),
            Case(
                pre.replace("48", "64"),
                "x = layout(x, anchor, feature, h, w)\nx = flatten(x, anchor, feature, "
                "to=feature)\nb, s = decode_yolo_grid(x, classes=1, anchors=(10, 13, 16, 30, 33, "
                f"23), scale_xy=2, size=squared)\n{rule}",
                outputs={"x": "f32[anchor=3, h=1, w=2, feature=6]"},
            ),
            Case(
                "tile(h=16, w=32, overlap=4, last=shifted)",
                "b, s = decode_yolo_grid(x, classes=2, anchors=(10, 13, 16, 30), scale_xy=1.2, "
                "size=exp)\nb, s = untile_boxes(b, s, image)",
                outputs={"x": "f32[tile, feature=14, h=2, w=4]"},
                values=lambda: {
                    "x": np.random.default_rng(4).normal(0, 2, (6, 14, 2, 4)).astype(np.float32)
                },
            ),
        )


def _sigmoid(x: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-x.astype(np.float64)))).astype(np.float32)
