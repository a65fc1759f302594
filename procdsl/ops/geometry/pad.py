"""Add a border to an image.

`pad(top=1, left=2, bottom=3, right=4, fill=0)` names each side.
`pad(h=640, w=640, anchor=center, fill=0)` pads up to a size, `pad(multiple=32, anchor=top_left,
fill=0)` up to the next multiple of 32 and `pad(square, anchor=center, fill=0)` up to the longer
side. `fill` is one number or one for each channel.

A pad up to a size says where the image goes, since models differ in it and their boxes with them:

- `anchor=top_left`: in the corner, with the border below and right (Detectron2, MMDetection, SAM,
  Hugging Face's DETR).
- `anchor=center`: in the middle; of an odd border the larger half goes below and right
  (albumentations, Hugging Face's LLaVA).
- `anchor=center_even`: in the middle, with half of an odd border rounded to the even number
  (`PIL.ImageOps.pad`).

`mode=edge`, `mode=reflect` (without the edge pixel: np.pad, cv2.BORDER_REFLECT_101, torch) and
`mode=symmetric` (with it: np.pad, cv2.BORDER_REFLECT) repeat the image's own pixels and take no
`fill`. `always=true` pads a side that is a multiple already by one multiple more (Swin2SR).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.opdef.arguments import arg, per_channel, real, side, whole, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_image
from procdsl.opdef.fill import doubts_of_fill, expect_fill, fill_constant, with_fill
from procdsl.opdef.geometric import GeometricOp, PlacementRule
from procdsl.opdef.op import Case, ConstantArray
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Number, Word
from procdsl.types.coordinates import Placement
from procdsl.types.value import Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable

_FORMS = "`top`, `left`, `bottom`, `right`; or `h` and `w`; or `multiple`; or `square`"


@dataclass(frozen=True, kw_only=True)
class Pad(GeometricOp):
    borders: ClassVar[bool] = True

    square: Word | None = arg(words("square"), positional=True, default=None)
    top: int | None = arg(whole(0, SIDE, 1), default=None)
    left: int | None = arg(whole(0, SIDE, 1), default=None)
    bottom: int | None = arg(whole(0, SIDE, 1), default=None)
    right: int | None = arg(whole(0, SIDE, 1), default=None)
    h: int | None = arg(side("height"), default=None)
    w: int | None = arg(side("width"), default=None)
    multiple: int | None = arg(whole(1, SIDE, 32), default=None)
    anchor: Word | None = arg(words("center", "center_even", "top_left"), default=None)
    mode: Word = arg(words("constant", "edge", "reflect", "symmetric"), default=Word("constant"))
    always: Word = arg(words("true", "false"), default=Word("false"))
    fill: Number | tuple[Number, ...] | None = arg(per_channel(real(example=0)), default=None)

    @property
    def form(self) -> str:
        """Which of the four ways to say the size was taken: `sides`, `h`, `multiple`, `square`."""
        forms = [
            ("sides", (self.top, self.left, self.bottom, self.right)),
            ("h", (self.h, self.w)),
            ("multiple", (self.multiple,)),
            ("square", (self.square,)),
        ]
        given = [name for name, values in forms if any(v is not None for v in values)]
        return given[0] if len(given) == 1 else ""

    def infer(self, x: Type) -> Array:
        x = expect_image(x, self.name)
        whole_size = self.form != "h" or (self.h is not None and self.w is not None)
        if not self.form or not whole_size:
            raise Problem(
                "E214",
                "`pad` does not say one size",
                found="none of its forms, or more than one",
                wanted=_FORMS,
                help=choices(
                    "say how far it pads",
                    "`pad(top=1, left=2, bottom=3, right=4, fill=0)`: that much on each side",
                    "`pad(h=640, w=640, anchor=..., fill=0)`: up to that size",
                    "`pad(multiple=32, anchor=..., fill=0)`: up to the next multiples",
                    "`pad(square, anchor=..., fill=0)`: up to the longer side",
                ),
                then=x.resized(h=Axis("h"), w=Axis("w")),
            )
        for name, size in (("h", self.h), ("w", self.w)):
            axis = x.axis(name)
            assert axis is not None, "an image has both axes"
            if size is not None and axis.low > size:
                raise Problem(
                    "E310",
                    "this pad is smaller than what it pads",
                    found=f"{name}={size} for {axis}",
                    wanted=f"{name} of at least {axis.low}",
                    help=choices(
                        "say what a larger image is to give",
                        f"`{name}={axis.low}` or more: the whole image, with a border",
                        "a smaller size in the `resize` before: the sizes that training used",
                        f"`crop(center, ...)` for this step: the middle of it, cut to {size}",
                    ),
                    at=name,
                    then=x.resized(h=Axis("h"), w=Axis("w")),
                )
        after = self.placed(x)
        if self.anchor is None and self.form != "sides":
            raise Problem(
                "E209",
                "`pad` does not say where the image goes",
                found="a pad up to a size without `anchor`",
                wanted="`anchor=top_left`, `anchor=center` or `anchor=center_even`",
                help=choices(
                    "say where the image goes as the model was trained",
                    "`anchor=top_left`: in the corner, with the border below and right",
                    "`anchor=center`: in the middle; of an odd border the larger half goes below "
                    "and right (what a file without `anchor` computed before)",
                    "`anchor=center_even`: in the middle, half of an odd border rounded to the "
                    "even number (`PIL.ImageOps.pad`)",
                ),
                then=after,
            )
        self._check_fill(after)
        if self.fill is None:
            return after
        fill = expect_fill(self.fill, x, after)
        return after.with_(range=with_fill(x.range, fill))

    def doubts(self, x: Array) -> Iterator[Problem]:
        if self.form == "sides" and self.anchor is not None:
            yield Problem(
                "E320",
                "this argument changes nothing",
                found="`anchor` with named sides",
                wanted="`anchor` with `h` and `w`, `multiple` or `square`",
                fix=Proposal.without_argument(),
                at="anchor",
            )
        yield from doubts_of_fill(self.fill, x)

    def _check_fill(self, after: Array) -> None:
        if (self.fill is None) == (self.mode == "constant"):
            raise Problem(
                "E214" if self.fill is not None else "E209",
                "`fill` goes with `mode=constant`",
                found=f"`mode={self.mode}` with" + ("out" * (self.fill is None)) + " `fill`",
                wanted="a `fill`, or a mode that repeats the image's pixels",
                help=choices(
                    "say what the border holds",
                    "`fill=0`, or one number for each channel: those numbers",
                    "`mode=edge`, `mode=reflect` or `mode=symmetric` without `fill`: the image's "
                    "own pixels",
                ),
                at=None if self.fill is None else "fill",
                then=after,
            )
        if self.always == "true" and self.form != "multiple":
            raise Problem(
                "E214",
                "`always` is for a pad to a multiple",
                found="`always` without `multiple`",
                wanted="`always` with `multiple`",
                help="`always=true` adds one multiple more to a side that is a multiple already: "
                "name the `multiple`, or leave `always` out",
                at="always",
                then=after,
            )

    def placement(self, h: int, w: int) -> Placement:
        if self.form == "sides":
            top, left = self.top or 0, self.left or 0
            to_h, to_w = top + h + (self.bottom or 0), left + w + (self.right or 0)
            return Placement.shifted(h, w, to_h, to_w, top, left)
        if self.form == "multiple":
            m = self.multiple or 1
            to_h, to_w = -(-h // m) * m, -(-w // m) * m
            if self.always == "true":
                to_h, to_w = (h // m + 1) * m, (w // m + 1) * m
        elif self.form == "square":
            to_h = to_w = max(h, w)
        else:
            to_h, to_w = self.h or h, self.w or w
        if h > to_h or w > to_w:
            raise ValueError(f"a {h} x {w} image is too large to pad it to {to_h} x {to_w}")
        top, left = (to_h - h) // 2, (to_w - w) // 2
        if self.anchor == "top_left":
            top, left = 0, 0
        elif self.anchor == "center_even":
            top, left = round((to_h - h) / 2), round((to_w - w) / 2)
        return Placement.shifted(h, w, to_h, to_w, top, left)

    @property
    def placement_rule(self) -> PlacementRule:
        flags = {"anchor": str(self.anchor)}
        if self.form == "sides":
            sides = (self.top, self.left, self.bottom, self.right)
            return PlacementRule("padded", tuple(side or 0 for side in sides), any_size=True)
        if self.form == "multiple":
            always: dict[str, bool | str | int] = {"always": True} if self.always == "true" else {}
            return PlacementRule(
                "padded_multiple", (self.multiple or 1,), {**flags, **always}, any_size=True
            )
        if self.form == "square":
            return PlacementRule("padded_square", (), flags, any_size=True)
        return PlacementRule("padded_to", (self.h or 1, self.w or 1), flags, any_size=True)

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        return {} if self.fill is None else {"fill": fill_constant(self.fill, x)}

    def channelwise(self, x: Array) -> bool:
        return not isinstance(self.fill, tuple)

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        if self.form == "h":
            return Axis.of("h", self.h or 1), Axis.of("w", self.w or 1)
        if self.form == "multiple":
            return Axis("h"), Axis("w")
        if self.form == "square":
            low = max(h.low, w.low)
            return Axis("h", low), Axis("w", low)
        more_h = (self.top or 0) + (self.bottom or 0)
        more_w = (self.left or 0) + (self.right or 0)
        return _widened(h, more_h), _widened(w, more_w)

    def lower(self, build: Builder, x: Variable) -> tuple[Result, ...]:
        return build.call(
            self.template,
            [x],
            attributes={"mode": str(self.mode)},
            constants=self.constants(x.array),
            named={"at": build.place(self, *build.sides(x))},
        )

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        at = self.placement(*x.shape[:2])
        if self.fill is None:
            top, left = at.y.offset, at.x.offset
            sides = ((top, at.h - top - x.shape[0]), (left, at.w - left - x.shape[1]))
            mode = str(self.mode)
            return np.pad(x, (*sides, *((0, 0),) * (x.ndim - 2)), mode)  # type: ignore[call-overload]
        padded = np.empty((at.h, at.w, *x.shape[2:]), x.dtype)
        padded[:] = np.array(fill_constant(self.fill, types[0]).values, x.dtype)
        top, left = at.y.offset, at.x.offset
        padded[top : top + x.shape[0], left : left + x.shape[1]] = x
        return padded

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("pad(top=1, left=2, bottom=3, right=4, fill=7)"),
            Case("pad(bottom=5, fill=(1, 2, 3))"),
            Case("pad(h=40, w=50, anchor=center, fill=114)"),
            Case("pad(h=40, w=50, anchor=top_left, fill=0)"),
            *(
                Case("pad(h=41, w=64, anchor=center_even, fill=0)", size=s)
                for s in ((31, 45), (36, 59))
            ),
            Case("pad(multiple=16, anchor=center, fill=0)"),
            Case("pad(multiple=16, anchor=top_left, fill=255)", size=(32, 48)),
            *(
                Case(f"pad(top=9, left=3, right=20, mode={mode})", size=size)
                for mode in ("edge", "reflect", "symmetric")
                for size in ((31, 45), (4, 3), (1, 2))
            ),
            Case("pad(multiple=16, anchor=top_left, mode=symmetric, always=true)", size=(32, 45)),
            Case("pad(square, anchor=center, mode=reflect)", image="f32[h, w] gray"),
            Case("pad(square, anchor=top_left, fill=128)", image="u8[h, w] gray"),
            Case("to_float(scale=1/255)\npad(square, anchor=center, fill=(0.485, 0.456, 1/3))"),
        )


def _widened(axis: Axis, more: int) -> Axis:
    """The axis with more pixels; a lower bound of 1 says nothing and stays."""
    low = axis.low + more if axis.low > 1 else 1
    return Axis(axis.name, low, axis.high and axis.high + more)
