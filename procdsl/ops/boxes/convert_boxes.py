"""Write boxes in another form, and in another unit.

`boxes = convert_boxes(boxes, xyxy, pixels)` makes corners in pixels of what the type says, which is
what `nms` and `back_to` take. The forms are `xyxy` (corners), `xywh` (corner x1, y1 and size),
`cxcywh` (centre and size) and `yxyx` (corners, y first); the units `pixels` and `unit`, 0..1 of the
picture whose pixels are meant: the model's input, or with `@image` behind the type the original
one, which is what DETR gives where its pictures are padded. Where no step fixes the size of that
picture, name the input that it stems from: `convert_boxes(boxes, xyxy, pixels, image)`.

Corners are made first, then the unit is changed, then the form, in float32 with one rounding an
operation: `cx - w / 2` and `cx + w / 2`, `x * width` or `x / width`, `(x1 + x2) / 2` and `x2 - x1`.
Between equal forms the unit alone changes. NaN and infinities go through.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.argument_types import INPUT
from procdsl.opdef.arguments import arg, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.geometric import GeometricOp, followed
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import sides_of
from procdsl.ops.boxes._forms import corners_of, in_form
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.value import PictureSize, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Operand, Result, Variable


@dataclass(frozen=True, kw_only=True)
class ConvertBoxes(Op):
    inputs: ClassVar[tuple[str, ...]] = ("boxes",)

    form: Word = arg(words("xyxy", "xywh", "cxcywh", "yxyx"), positional=True)
    unit: Word = arg(words("pixels", "unit"), positional=True)
    frame: Word | None = arg(INPUT, positional=True, default=None)

    def infer(self, boxes: Type, size: PictureSize | None = None) -> Array:
        boxes = self._of_known_form(boxes)
        if size is not None and self._steps(boxes, size) is None:
            raise Problem(
                "E318",
                f"these boxes are in no picture that stems from `{size.input}`",
                found="boxes in no known coordinate space"
                if boxes.space is None
                else f"boxes that stem from `{boxes.space.root.name}`",
                wanted=f"boxes in pixels, or units, of what `pre` made of `{size.input}`",
                help=f"name the input that they stem from, here `{boxes.space.root.name}`"
                if boxes.space
                else "`@x` behind the output's type in the contract says that they are in the "
                "picture of the model's input x",
            )
        if boxes.says[1] != self.unit and size is None and sides_of(boxes.space) is None:
            image = boxes.space.root.name if boxes.space else "image"
            raise Problem(
                "E318",
                "it is not known how large the picture is that these boxes are in",
                found=f"{boxes.described()}, in a picture of any size",
                wanted="the input whose picture they are in, and a space that stems from it",
                help=f"`convert_boxes({self.form}, {self.unit}, {image})`: the size that `pre` "
                f"makes of that of `{image}`",
            )
        return boxes.with_(says=(str(self.form), str(self.unit)))

    def _of_known_form(self, boxes: Type) -> Array:
        """Boxes of which the form is said, and is one of those, or a `Problem`."""
        fits = isinstance(boxes, Array) and boxes.kind == "boxes" and boxes.dtype == "f32"
        if not isinstance(boxes, Array) or not fits or boxes.shape[-1:] != (4,):
            raise Problem(
                "E319",
                "`convert_boxes` works on boxes",
                found=boxes.described(),
                wanted="boxes, such as `f32[anchor=100, box=4] boxes(cxcywh, unit)`",
                help="where the model gives them, say in its contract what the four numbers are",
            )
        if not boxes.says or boxes.says[0] == "ltrb":
            raise Problem(
                "E329",
                f"`convert_boxes` of {'distances' if boxes.says else 'boxes of unknown form'}",
                found=boxes.described(),
                wanted="corners, or a place and a size",
                help="distances from points are no boxes without the points: `decode_ltrb` makes "
                "boxes of them by the grids of the model's levels"
                if boxes.says
                else choices(
                    "say in the contract what the four numbers are",
                    "`boxes(cxcywh, unit)`: centre and size, in 0..1 (DETR)",
                    "`boxes(cxcywh, pixels)`: centre and size, in pixels",
                    "`boxes(xyxy, unit)`: corners, in 0..1",
                    "`boxes(yxyx, unit)`: corners, y first, in 0..1 (TensorFlow)",
                ),
            )
        return boxes

    def _steps(self, boxes: Array, size: PictureSize) -> tuple[GeometricOp, ...] | None:
        """The steps that make the picture of an input that in which the boxes are."""
        steps = boxes.space.steps_from(size.input) if boxes.space else None
        if steps is None or not all(isinstance(step, GeometricOp) for step in steps):
            return None
        return tuple(step for step in steps if isinstance(step, GeometricOp))

    def doubts(self, boxes: Array, size: PictureSize | None = None) -> Iterator[Problem]:
        if boxes.says == (self.form, self.unit):
            yield Problem(
                "E320",
                "this step changes nothing",
                found=f"boxes that are `{boxes.tag}` already",
                wanted="boxes in another form, or in another unit",
                fix=Proposal.without_step(),
            )

    def lower(self, build: Builder, boxes: Variable, size: Variable | None = None) -> Result:
        form, unit = boxes.array.says
        result = build.result()
        calls: list[tuple[str, dict[str, Attribute], dict[str, Operand]]] = []
        if form not in (self.form, "xyxy"):
            calls.append(("boxes_xyxy", {"form": form}, {}))
        if unit != self.unit:
            y_first = form == self.form == "yxyx"
            attributes: dict[str, Attribute] = {
                "to_pixels": self.unit == "pixels",
                "y_first": y_first,
                "sides": sides_of(boxes.array.space) if size is None else None,
            }
            calls.append(("boxes_scaled", attributes, self._picture(build, boxes.array, size)))
        if self.form not in (form, "xyxy"):
            calls.append(("boxes_in_form", {"form": str(self.form)}, {}))
        for template, attributes, named in calls:
            result = build.like(result)
            build.call(
                f"coordinates/{template}",
                [boxes],
                attributes=attributes,
                named=named,
                result=result,
            )
            boxes = result
        return boxes

    def _picture(self, build: Builder, boxes: Array, size: Variable | None) -> dict[str, Operand]:
        """The picture of which the unit is, where only a size tells how large it is."""
        if size is None:
            return {}
        placements = build.follow(self._steps(boxes, size.size) or (), build.sides(size))
        return {"at": placements[-1]} if placements else {"size": size}

    def reference(
        self, types: Any, boxes: np.ndarray, size: tuple[int, int] | None = None
    ) -> np.ndarray:
        form, unit = types[0].says
        if form != self.form:
            boxes = corners_of(boxes, form)
        if unit != self.unit:
            if size is not None:
                for at in followed(self._steps(*types) or (), *size)[-1:]:
                    size = at.h, at.w
            h, w = size or sides_of(types[0].space) or (1, 1)
            sides = (h, w, h, w) if form == self.form == "yxyx" else (w, h, w, h)
            by = np.array(sides, np.float32)
            boxes = boxes * by if self.unit == "pixels" else boxes / by
        return boxes if form == self.form else in_form(boxes, self.form)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        forms = ("xyxy", "xywh", "cxcywh", "yxyx")
        fixed = "letterbox(h=64, w=48, fill=114, sampler=cv2.nearest)"
        any_size = "resize(short=24, sampler=cv2.nearest)"
        rows = "f32[anchor=33, box=4]"
        corners = "b = convert_boxes(b, xyxy, pixels)\nb = back_to(b, image)"
        return (
            *(
                Case(
                    pre=fixed,
                    post=f"b = convert_boxes(b, {to}, pixels)\n"
                    + (corners if to != "xyxy" else "b = back_to(b, image)"),
                    outputs={"b": f"{rows} boxes({form}, unit)"},
                )
                for form in forms
                for to in forms
            ),
            *(
                Case(
                    pre=fixed,
                    post=f"b = convert_boxes(b, {to}, unit)\n{corners}",
                    outputs={"b": f"{rows} boxes({form}, pixels)"},
                )
                for form, to in zip(forms, (*forms[2:], *forms[2:]), strict=True)
            ),
            *(
                Case(
                    pre=pre,
                    post=f"b = convert_boxes(b, xyxy, pixels, image)\nb = {back}(b, image)",
                    outputs={"b": f"{axes} boxes({form}, unit){space}"},
                    size=size,
                )
                for size in ((31, 45), (45, 31))
                for pre, form, axes, space, back in (
                    (any_size, "cxcywh", rows, "", "back_to"),
                    (any_size, "xyxy", "f32[box=4]", "", "back_to"),
                    (any_size, "cxcywh", rows, " @image", "clip_to"),
                    (fixed, "yxyx", "f32[query=5, mask=2, box=4]", " @image", "clip_to"),
                )
            ),
        )
