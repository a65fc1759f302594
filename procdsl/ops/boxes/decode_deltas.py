"""Boxes from what a model says of anchors: how far each is moved, and how much it grows.

SSD, RetinaNet, EfficientDet and the R-CNNs give f32[anchor, box=4], the shift of the centre in
parts of the anchor's size and the logarithm of the growth. `boxes = decode_deltas(deltas, anchors,
weights=(10, 10, 5, 5), clip=1000/16)` gives boxes as (x1, y1, x2, y2), in the unit of the anchors.
Anchors are boxes, corners or centres and sizes: those of `grid_anchors` and `prior_boxes`, or
proposals and priors that a model gives itself.

The numbers are divided by `weights` (torchvision, Detectron2), or multiplied by `variances` (SSD's
0.1, 0.1, 0.2, 0.2; `target_stds` in MMDetection). With `clip` a side becomes at most that many
times the anchor's: 1000/16 in torchvision, Detectron2 and MMDetection; a classic SSD has none. In
float32, with one rounding an operation and exp rounded from float64 once:

- `w = exp(min(dw, log(clip))) * anchor_w`, and `cx = dx * anchor_w + anchor_cx`;
- of corners `anchor_w = x2 - x1` and `anchor_cx = x1 + 0.5 * anchor_w`;
- `x1 = cx - 0.5 * w`, and `x2 = cx + 0.5 * w`.

These are the lines of `BoxCoder.decode_single` in torchvision (Ren et al., Faster R-CNN, 2015).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, real
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._forms import corners_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type

_FOUR = Many("four numbers in parentheses, for x, y, w, h", (10, 10, 5, 5), real(1e-6, 1e6, 10), 4)


@dataclass(frozen=True, kw_only=True)
class DecodeDeltas(Op):
    inputs: ClassVar[tuple[str, ...]] = ("deltas", "anchors")
    gain: ClassVar[float] = 0.0

    weights: tuple[float | Fraction, ...] | None = arg(_FOUR, default=None)
    variances: tuple[float | Fraction, ...] | None = arg(_FOUR, default=None)
    clip: float | Fraction | None = arg(real(1, 1e6, 62.5), default=None)

    def infer(self, deltas: Type, anchors: Type) -> Array:
        if (self.weights is None) == (self.variances is None):
            raise Problem(
                "E209" if self.weights is None else "E214",
                "`decode_deltas` does not say by what the numbers are scaled",
                found="neither of weights, variances" if self.weights is None else "both",
                wanted="one of them",
                help=choices(
                    "say how the model was trained",
                    "`weights=(10, 10, 5, 5)`: divided by them (torchvision, Detectron2)",
                    "`variances=(0.1, 0.1, 0.2, 0.2)`: multiplied by them (SSD, MMDetection)",
                    "`weights=(1, 1, 1, 1)`: taken as they are (RetinaNet)",
                ),
                at="weights",
            )
        plain = isinstance(deltas, Array) and deltas.dtype == "f32" and deltas.kind is None
        if not isinstance(deltas, Array) or not plain or deltas.shape[-1:] != (4,):
            raise Problem(
                "E319",
                "`decode_deltas` does not get what a model says of anchors",
                found=deltas.described(),
                wanted="f32[anchor, box=4], which are no boxes yet",
                help="give it deltas and anchors, in this order; `layout` moves the axis of the "
                "four numbers to the end",
            )
        anchors = self._expect_anchors(anchors)
        fits = anchors.axes[-2:] == deltas.axes[-2:] and len(anchors.axes) == len(deltas.axes)
        if not fits or anchors.axes != deltas.axes:
            raise Problem(
                "E327",
                "`decode_deltas` does not get one anchor for each row",
                found=f"{deltas} and {anchors}",
                wanted=f"anchors [{', '.join(map(str, deltas.axes))}]",
                help="check the strides, sizes and ratios that the anchors are made of",
            )
        return anchors.with_(says=("xyxy", anchors.says[1]), space=anchors.space or deltas.space)

    def _expect_anchors(self, anchors: Type) -> Array:
        fits = isinstance(anchors, Array) and anchors.kind == "boxes" and anchors.dtype == "f32"
        said = isinstance(anchors, Array) and anchors.says[:1] in (("xyxy",), ("cxcywh",))
        if isinstance(anchors, Array) and fits and said:
            return anchors
        raise Problem(
            "E319" if not fits else "E329",
            "`decode_deltas` does not get anchors",
            found=anchors.described(),
            wanted="boxes(xyxy, pixels), boxes(cxcywh, pixels), or in `unit`",
            help="`grid_anchors(deltas, ...)` and `prior_boxes(deltas, ...)` make them; where the "
            "model gives them, say in its contract what the four numbers are",
        )

    def error_bound(self, deltas: Array, anchors: Array) -> ErrorBound:
        return ErrorBound(
            3.6e-7,
            "exp is not the same in every library; computed in float64 and rounded to float32 it "
            "differs by one unit in the last place at most, which a size and two corners hand on",
        )

    def attributes(self, deltas: Array, anchors: Array) -> Mapping[str, Attribute]:
        by = self.weights or self.variances or ()
        return {
            "by": tuple(float(np.float32(float(n))) for n in by),
            "divided": self.weights is not None,
            "most": self._most,
            "corners": anchors.says[0] == "xyxy",
        }

    @property
    def _most(self) -> float | None:
        return None if self.clip is None else float(np.float32(math.log(self.clip)))

    def reference(
        self, types: tuple[Array, Array], deltas: np.ndarray, anchors: np.ndarray
    ) -> np.ndarray:
        a, b, c, d = np.moveaxis(anchors, -1, 0)
        half = np.float32(0.5)
        if types[1].says[0] == "xyxy":
            c, d = c - a, d - b
            a, b = a + half * c, b + half * d
        by = np.array([float(n) for n in self.weights or self.variances or ()], np.float32)
        dx, dy, dw, dh = np.moveaxis(deltas / by if self.weights else deltas * by, -1, 0)
        if self._most is not None:
            dw, dh = (np.minimum(x, np.float32(self._most)) for x in (dw, dh))
        w, h = (np.exp(x.astype(np.float64)).astype(np.float32) for x in (dw, dh))
        boxes = np.stack([dx * c + a, dy * d + b, w * c, h * d], axis=-1)
        return corners_of(boxes, "cxcywh")

    @staticmethod
    def cases() -> tuple[Case, ...]:
        pre = "letterbox(h=64, w=48, fill=114, sampler=cv2.nearest)"
        rows = "f32[anchor=33, box=4]"

        def case(rule: str, form: str, post: str = "") -> Case:
            return Case(
                pre,
                f"b = decode_deltas(d, a, {rule})\n{post}b = back_to(b, image)",
                outputs={"d": rows, "a": f"{rows} boxes({form})"},
            )

        return (
            case("weights=(10, 10, 5, 5), clip=1000/16", "xyxy, pixels"),
            case("weights=(1, 1, 1, 1), clip=2", "cxcywh, pixels"),
            case(
                "variances=(0.1, 0.1, 0.2, 0.2)",
                "cxcywh, unit",
                "b = convert_boxes(b, xyxy, pixels)\n",
            ),
            case("variances=(1, 1, 1, 1)", "xyxy, unit", "b = convert_boxes(b, xyxy, pixels)\n"),
        )
