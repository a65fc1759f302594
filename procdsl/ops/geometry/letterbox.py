"""Resize an image into a box and fill what is left.

The scale is `min(h / H, w / W)`, the size of the content each side times that scale, rounded half
to even, and the content lies in the middle (of an odd border the larger half goes below and right):
what Ultralytics' `LetterBox` does, with `fill=114`. `back_to` undoes it for boxes, axis by axis.

| who | what is written |
|---|---|
| Ultralytics | `fill=114` |
| Ultralytics, `auto=True`: the smallest box whose border is a remainder | `fill=114, multiple=32` |
| Ultralytics, `scaleup=False` | `fill=114, enlarge=false` |
| YOLOX | `fill=114, anchor=top_left, rounding=floor` |
| Open Model Zoo | `fill=128, rounding=floor`, or `fill=0, rounding=floor` |
| Roboflow | `fill=127, rounding=floor` |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.opdef.arguments import ROUNDINGS, arg, per_channel, real, side, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_image
from procdsl.opdef.fill import doubts_of_fill, expect_fill, fill_constant, with_fill
from procdsl.opdef.geometric import GeometricOp, PlacementRule
from procdsl.opdef.op import Case, ConstantArray
from procdsl.opdef.sampling import SAMPLER, bound, doubts_of_sampling, expect_sampled, gain, sampled
from procdsl.records import dataclass
from procdsl.registry import sampler, sampler_names
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Number, Word
from procdsl.types.coordinates import AxisMap, Placement
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import PlacementVariable, Result, Variable


@dataclass(frozen=True, kw_only=True)
class Letterbox(GeometricOp):
    roundings: ClassVar[int] = 16  # two passes over up to eight taps
    scales: ClassVar[bool] = True
    borders: ClassVar[bool] = True

    h: int = arg(side("height"))
    w: int = arg(side("width"))
    fill: Number | tuple[Number, ...] = arg(per_channel(real(example=114)))
    sampler: Word = arg(SAMPLER)
    anchor: Word = arg(words("center", "top_left"), default=Word("center"))
    enlarge: Word = arg(words("true", "false"), default=Word("true"))
    rounding: Word = arg(words("half_even", "half_up", "floor"), default=Word("half_even"))
    multiple: int | None = arg(whole(1, SIDE, 32), default=None)

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on the sampler
        return gain(self.sampler)

    def infer(self, x: Type) -> Array:
        x = expect_image(x, self.name)
        after = expect_sampled(x, self.name, self.sampler, self.placed(x))
        fill = expect_fill(self.fill, x, after)
        return after.with_(range=with_fill(after.range, fill))

    def doubts(self, x: Array) -> Iterable[Problem]:
        yield from doubts_of_sampling(x, self.name, self.sampler)
        yield from doubts_of_fill(self.fill, x)

    def placement(self, h: int, w: int) -> Placement:
        ratio = min(self.h / h, self.w / w)
        if self.enlarge == "false":
            ratio = min(ratio, 1.0)
        turn = ROUNDINGS[self.rounding]
        content_h, content_w = max(1, turn(h * ratio)), max(1, turn(w * ratio))
        to_h, to_w = self.h, self.w
        if self.multiple is not None:
            to_h = content_h + (to_h - content_h) % self.multiple
            to_w = content_w + (to_w - content_w) % self.multiple
        top, left = 0, 0
        if self.anchor == "center":
            top, left = (to_h - content_h) // 2, (to_w - content_w) // 2
        return Placement(to_h, to_w, AxisMap(h, content_h, top), AxisMap(w, content_w, left))

    @property
    def placement_rule(self) -> PlacementRule:
        flags: dict[str, bool | str | int]
        flags = {"centered": self.anchor == "center", "enlarge": self.enlarge == "true"}
        if self.rounding != "half_even":
            flags["rounding"] = str(self.rounding)
        if self.multiple is not None:
            flags["multiple"] = self.multiple
        return PlacementRule("letterboxed", (self.h, self.w), flags, any_size=True)

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        return {"fill": fill_constant(self.fill, x)}

    def channelwise(self, x: Array) -> bool:
        return sampler(self.sampler).per_channel and not isinstance(self.fill, tuple)

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        if self.multiple is not None:
            return Axis("h", 1, self.h), Axis("w", 1, self.w)
        return Axis.of("h", self.h), Axis.of("w", self.w)

    def error_bound(self, x: Array) -> ErrorBound | None:
        return bound(self.sampler, x)

    def lower(self, build: Builder, x: Variable) -> tuple[Result, ...]:
        at, content = self.lower_content(build, x)
        constants = self.constants(content.array)
        return build.call(
            self.template, [content], attributes={}, constants=constants, named={"at": at}
        )

    def lower_content(self, build: Builder, x: Variable) -> tuple[PlacementVariable, Variable]:
        """Where the picture comes to lie in the box, and the picture as large as it is there."""
        at = build.place(self, *build.sides(x))
        content = build.temporary("content", x.type)
        return at, build.sample(self.sampler, x, build.content_sides(at), result=content)

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        at = self.placement(*x.shape[:2])
        boxed = np.empty((at.h, at.w, *x.shape[2:]), x.dtype)
        boxed[:] = np.array(fill_constant(self.fill, types[0]).values, x.dtype)
        content = sampled(self.sampler, x, at.y.content, at.x.content)
        top, left = at.y.offset, at.x.offset
        boxed[top : top + at.y.content, left : left + at.x.content] = content
        return boxed

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(f"letterbox(h=40, w=40, fill=114, sampler={name})", size=size)
                for name in sampler_names()
                for size in ((31, 45), (45, 31), (80, 33), (40, 40), (7, 11))
            ),
            Case("letterbox(h=40, w=50, fill=(1, 2, 3), sampler=cv2.linear, anchor=top_left)"),
            Case("letterbox(h=64, w=64, fill=0, sampler=cv2.linear, enlarge=false)"),
            *(
                Case(f"letterbox(h=40, w=50, fill=9, sampler=cv2.linear, {rest})", size=size)
                for rest in ("rounding=floor", "rounding=half_up, anchor=top_left", "multiple=16")
                for size in ((31, 45), (45, 31), (9, 70))
            ),
            Case("letterbox(h=20, w=20, fill=0, sampler=pil.bilinear)", image="u8[h, w] gray"),
            Case(
                "to_float(scale=1/255)\nletterbox(h=40, w=40, fill=0.5, sampler=torch.bilinear)",
            ),
        )
