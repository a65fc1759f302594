"""Cut a rectangle out of an image.

`crop(center, h=224, w=224)` leaves the same border on both sides; where the border is odd,
`offset=half_even` rounds its half to the even number (`int(round((H - h) / 2))`: torchvision, timm)
and `offset=floor` rounds it down (Hugging Face). `crop(top=8, left=0, h=32, w=32)` names the
corner. An image smaller than the crop is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from procdsl.arguments import arg, side, whole, words
from procdsl.geometry import Geometry
from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.op import Case, GeometricOp, Kernel, want_image
from procdsl.problem import Mend, Problem
from procdsl.types import Array, Axis, Type
from procdsl.values import Word


@dataclass(frozen=True, kw_only=True)
class Crop(GeometricOp):
    views: ClassVar[bool] = True

    place: Word | None = arg(words("center"), positional=True, default=None)
    h: int = arg(side("height"))
    w: int = arg(side("width"))
    top: int | None = arg(whole(0, SIDE, 0), default=None)
    left: int | None = arg(whole(0, SIDE, 0), default=None)
    offset: Word | None = arg(words("half_even", "floor"), default=None)

    def infer(self, x: Type) -> Array:
        x = want_image(x, self.name)
        self._check_place(x)
        for name, size, start in (("h", self.h, self.top), ("w", self.w, self.left)):
            axis = x.axis(name)
            assert axis is not None, "an image has both axes"
            room = axis.low if axis.low > 1 else axis.high
            needed = size + (start or 0)
            if room is not None and needed > room:
                raise Problem(
                    "E310",
                    "this crop is larger than what it crops",
                    found=f"{name}={size}"
                    + (f" from {start}" if start else "")
                    + f" of {'at least ' if axis.size is None and axis.low > 1 else ''}{room}",
                    wanted=f"{name} of at most {max(room - (start or 0), 1)}",
                    mend=Mend("value", str(room - (start or 0)))
                    if room > (start or 0)
                    else Mend("remove"),
                    at=name,
                    then=x.resized(h=Axis.of("h", self.h), w=Axis.of("w", self.w)),
                )
        return self.placed(x)

    def _check_place(self, x: Array) -> None:
        after = x.resized(h=Axis.of("h", self.h), w=Axis.of("w", self.w))
        corner = self.top is not None or self.left is not None
        if self.place is None and (self.top is None or self.left is None):
            raise Problem(
                "E209",
                "`crop` does not say where",
                found="no `top` and `left`" if not corner else "one of `top` and `left`",
                wanted="`center`, or `top` and `left`",
                mend=Mend("instead", f"crop(center, h={self.h}, w={self.w})"),
                then=after,
            )
        if self.place is not None and corner:
            raise Problem(
                "E214",
                "`crop` says twice where",
                found="`center` with a corner",
                wanted="`center`, or `top` and `left`",
                mend=Mend("instead", f"crop(center, h={self.h}, w={self.w})"),
                then=after,
            )
        if self.place is None and self.offset is not None:
            raise Problem(
                "E214",
                "`offset` is for a centre crop",
                found="`offset` with a corner",
                wanted="`offset` only with `center`",
                mend=Mend("drop"),
                at="offset",
                then=after,
            )

    def corner(self, h: int, w: int) -> tuple[int, int]:
        """The row and column of the source at which the result begins."""
        if self.top is not None and self.left is not None:
            return self.top, self.left
        border = (h - self.h, w - self.w)
        if self.offset == "floor":
            return border[0] // 2, border[1] // 2
        return round(border[0] / 2), round(border[1] / 2)

    def geometry(self, h: int, w: int) -> Geometry:
        top, left = self.corner(h, w)
        if h < top + self.h or w < left + self.w:
            raise ValueError(f"a {h} x {w} image is too small to crop {self.h} x {self.w} of it")
        return Geometry.shifted(h, w, self.h, self.w, -top, -left)

    @property
    def kernel(self) -> Kernel:
        if self.top is not None and self.left is not None:
            return Kernel("cropped", (self.h, self.w, self.top, self.left))
        return Kernel("cropped_center", (self.h, self.w), {"to_even": self.offset != "floor"})

    def channelwise(self, x: Array) -> bool:
        return True

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        return Axis.of("h", self.h), Axis.of("w", self.w)

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        at = self.geometry(*x.shape[:2])
        top, left = -at.y.offset, -at.x.offset
        return x[top : top + at.h, left : left + at.w]

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(f"crop(center, h=12, w=20{offset})", size=size)
                for offset in ("", ", offset=floor", ", offset=half_even")
                for size in ((12, 20), (13, 21), (14, 22), (15, 23), (31, 45))
            ),
            Case("crop(top=3, left=0, h=5, w=45)"),
            Case("crop(center, h=7, w=8)", image="u8[h, w] gray"),
            Case("to_float(scale=1/255)\ncrop(top=1, left=2, h=3, w=4)"),
        )
