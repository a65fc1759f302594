"""Cut a rectangle out of an image.

`crop(center, h=224, w=224)` leaves the same border on both sides; where the border is odd,
`offset=half_even`, the default, rounds its half to the even number (`int(round((H - h) / 2))`:
torchvision, timm) and `offset=floor` rounds it down (Hugging Face).
`crop(top=8, left=0, h=32, w=32)` names the corner; `crop(center, fraction=0.875)` keeps that part
of each side (TensorFlow's central_crop).

An image smaller than the crop is an error, unless a centre crop has a `fill`: then it lies in the
middle of that, of an odd border the smaller half above and left (torchvision, timm), or with
`offset=floor` the larger one (Hugging Face).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
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
from procdsl.types.coordinates import CoordinateSpace, Placement
from procdsl.types.value import Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True, kw_only=True)
class Crop(GeometricOp):
    borders: ClassVar[bool] = True
    crops: ClassVar[bool] = True

    place: Word | None = arg(words("center"), positional=True, default=None)
    h: int | None = arg(side("height"), default=None)
    w: int | None = arg(side("width"), default=None)
    fraction: float | Fraction | None = arg(real(0.001, 1, 0.875), default=None)
    top: int | None = arg(whole(0, SIDE, 0), default=None)
    left: int | None = arg(whole(0, SIDE, 0), default=None)
    offset: Word | None = arg(words("half_even", "floor"), default=None)
    fill: Number | tuple[Number, ...] | None = arg(per_channel(real(example=0)), default=None)

    @property
    def may_alias(self) -> bool:  # type: ignore[override]  # a fill makes an image of its own
        return self.fill is None

    def infer(self, x: Type) -> Array:
        x = expect_image(x, self.name)
        self._check_form(x)
        if self.fraction is not None:
            return self.placed(x)
        self._check_place(x)
        if self.fill is not None:
            after = self.placed(x)
            fill = expect_fill(self.fill, x, after)
            return after.with_(range=with_fill(x.range, fill))
        for name, size, start in (("h", self.h, self.top), ("w", self.w, self.left)):
            axis = x.axis(name)
            assert axis is not None, "an image has both axes"
            room = axis.low if axis.low > 1 else axis.high
            assert size is not None, "as `_check_form` has found"
            needed = size + (start or 0)
            if room is not None and needed > room:
                raise Problem(
                    "E310",
                    "this crop is larger than what it crops",
                    found=f"{name}={size}"
                    + (f" from {start}" if start else "")
                    + f" of {'at least ' if axis.size is None and axis.low > 1 else ''}{room}",
                    wanted=f"{name} of at most {max(room - (start or 0), 1)}",
                    help=choices(
                        "say what a smaller image is to give",
                        "a crop that fits into it, or a larger size in the `resize` before: the "
                        "sizes that training used",
                        "`fill=0` with `crop(center, ...)`: what lies outside the image is filled",
                    ),
                    at=name,
                    then=self._after(x),
                )
        return self.placed(x)

    def _after(self, x: Array) -> Array:
        """What it gives as far as that is known."""
        h = Axis.of("h", self.h) if self.h else Axis("h")
        w = Axis.of("w", self.w) if self.w else Axis("w")
        return x.resized(h=h, w=w).with_(
            space=CoordinateSpace(self.name, x.space, self) if x.space else None
        )

    def _check_form(self, x: Array) -> None:
        sized = self.h is not None and self.w is not None
        part = self.h is not None or self.w is not None
        others = (self.top, self.left, self.offset, self.fill)
        alone = self.place is not None and not part and all(v is None for v in others)
        if sized if self.fraction is None else alone:
            return
        missing = [name for name in ("h", "w") if getattr(self, name) is None]
        raise Problem(
            "E214" if self.fraction is not None else "E209",
            "`crop` does not say one size",
            found="`fraction` with other arguments"
            if self.fraction
            else f"no {' and '.join(f'`{name}`' for name in missing)}",
            wanted="`h` and `w`, or `center` with `fraction` alone",
            help=choices(
                "say which part is cut out",
                "`crop(center, h=224, w=224)`: so many pixels from the middle",
                "`crop(top=8, left=0, h=224, w=224)`: so many pixels from a corner",
                "`crop(center, fraction=0.875)`: that part of each side",
            ),
            then=self._after(x),
        )

    def _check_place(self, x: Array) -> None:
        after = self._after(x)
        if self.fill is not None and self.place is None:
            raise Problem(
                "E214",
                "`fill` is for a centre crop",
                found="`fill` with a corner",
                wanted="`fill` only with `center`",
                help=choices(
                    "say what an image is to give that the crop leaves",
                    "without `fill`: an error when such an image comes",
                    "`center` for the corner: the crop lies in the middle, and `fill` around it",
                ),
                at="fill",
                then=after,
            )
        corner = self.top is not None or self.left is not None
        if self.place is None and (self.top is None or self.left is None):
            raise Problem(
                "E209",
                "`crop` does not say where",
                found="no `top` and `left`" if not corner else "one of `top` and `left`",
                wanted="`center`, or `top` and `left`",
                help=choices(
                    "say where it begins",
                    f"`crop(center, h={self.h}, w={self.w})`: the middle of the image",
                    f"`crop(top={self.top or 0}, left={self.left or 0}, h={self.h}, w={self.w})`: "
                    "that row and that column",
                ),
                then=after,
            )
        if self.place is not None and corner:
            raise Problem(
                "E214",
                "`crop` says twice where",
                found="`center` with a corner",
                wanted="`center`, or `top` and `left`",
                help=choices(
                    "leave one of the two out",
                    f"`crop(center, h={self.h}, w={self.w})`: the middle of the image",
                    f"`crop(top={self.top or 0}, left={self.left or 0}, h={self.h}, w={self.w})`: "
                    "from that row and that column on",
                ),
                then=after,
            )

    def doubts(self, x: Array) -> Iterator[Problem]:
        if self.place is None and self.offset is not None:
            yield Problem(
                "E320",
                "this argument changes nothing",
                found="`offset` with a corner",
                wanted="`offset` only with `center`",
                fix=Proposal.without_argument(),
                at="offset",
            )
        yield from doubts_of_fill(self.fill, x)

    def corner(self, h: int, w: int) -> tuple[int, int]:
        """The row and column of the source at which the result begins."""
        if self.top is not None and self.left is not None:
            return self.top, self.left
        if self.fraction is not None:
            part = float(self.fraction)
            return int((h - h * part) / 2), int((w - w * part) / 2)
        border = (h - (self.h or 0), w - (self.w or 0))
        if self.offset == "floor":
            return border[0] // 2, border[1] // 2
        top, left = (
            -(-side // 2) if side < 0 and self.fill is not None else round(side / 2)
            for side in border
        )
        return top, left

    def placement(self, h: int, w: int) -> Placement:
        top, left = self.corner(h, w)
        if self.fraction is not None:
            return Placement.shifted(h, w, h - 2 * top, w - 2 * left, -top, -left)
        assert self.h is not None, "a crop without a fraction has both sizes"
        assert self.w is not None, "a crop without a fraction has both sizes"
        if self.fill is not None:
            return Placement.shifted(h, w, self.h, self.w, -top, -left)
        if h < top + self.h or w < left + self.w:
            raise ValueError(f"a {h} x {w} image is too small to crop {self.h} x {self.w} of it")
        return Placement.shifted(h, w, self.h, self.w, -top, -left)

    @property
    def placement_rule(self) -> PlacementRule:
        if self.fraction is not None:
            return PlacementRule("cropped_fraction", (float(self.fraction),))
        size = (self.h or 1, self.w or 1)
        if self.top is not None and self.left is not None:
            return PlacementRule("cropped", (*size, self.top, self.left), any_size=True)
        name = "cropped_center" if self.fill is None else "cropped_filled"
        flags: dict[str, bool | str | int] = {"to_even": self.offset != "floor"}
        return PlacementRule(name, size, flags, any_size=self.fill is None)

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        return {} if self.fill is None else {"fill": fill_constant(self.fill, x)}

    def channelwise(self, x: Array) -> bool:
        return not isinstance(self.fill, tuple)

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        if self.fraction is not None:
            return Axis("h", 1, h.high), Axis("w", 1, w.high)
        return Axis.of("h", self.h or 1), Axis.of("w", self.w or 1)

    def lower(self, build: Builder, x: Variable) -> tuple[Result, ...]:
        return build.call(
            self.template,
            [x],
            attributes={"view": self.may_alias},
            constants=self.constants(x.array),
            named={"at": build.place(self, *build.sides(x))},
        )

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        at = self.placement(*x.shape[:2])
        top, left = -at.y.offset, -at.x.offset
        if self.fill is not None:
            more = max(at.h, at.w)  # a ground on which every offset stays inside
            shape = (x.shape[0] + 2 * more, x.shape[1] + 2 * more, *x.shape[2:])
            ground = np.empty(shape, x.dtype)
            ground[:] = np.array(fill_constant(self.fill, types[0]).values, x.dtype)
            ground[more : more + x.shape[0], more : more + x.shape[1]] = x
            x, top, left = ground, top + more, left + more
        return x[top : top + at.h, left : left + at.w]

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(f"crop(center, h=12, w=21, fill={fill})", size=size)
                for fill in ("0", "(1, 2, 3)", "7, offset=floor")
                for size in ((31, 45), (9, 10), (7, 44), (30, 8), (1, 1))
            ),
            *(Case(f"crop(center, fraction={part})") for part in ("0.875", "1/3", "1")),
            *(
                Case(f"crop(center, h=12, w=20{offset})", size=size)
                for offset in ("", ", offset=floor", ", offset=half_even")
                for size in ((12, 20), (13, 21), (14, 22), (15, 23), (31, 45))
            ),
            Case("crop(top=3, left=0, h=5, w=45)"),
            Case("crop(center, h=7, w=8)", image="u8[h, w] gray"),
            Case("to_float(scale=1/255)\ncrop(top=1, left=2, h=3, w=4)"),
        )
