"""Change the size of an image.

`resize(h=256, w=256, sampler=cv2.linear)` gives that size. The other forms keep the shape of the
picture: `short=256` makes the shorter side 256 and rounds the longer one down
(`256 * long // short`, as torchvision does), `long=640` makes the longer side 640 and rounds the
shorter one down, `fit=(480, 640)` gives the largest size inside height 480 and width 640, the free
side rounded half to even (as `PIL.ImageOps.contain` does). No side gets smaller than 1.

The sampler is always named: `procdsl explain cv2.linear` tells what one computes. There is no
default, because libraries that call theirs "bilinear" do not agree in a single picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.arguments import Many, arg, side
from procdsl.geometry import Geometry
from procdsl.lazy import np
from procdsl.numerics import Bound
from procdsl.op import Case, GeometricOp, Kernel, want_image
from procdsl.problem import Mend, Problem
from procdsl.registry import sampler, sampler_names
from procdsl.sampling import SAMPLER, bound, sampled, want_sampled
from procdsl.types import Array, Axis, Type
from procdsl.values import Word

_FORMS = "`h` and `w`, or `short`, or `long`, or `fit`"


@dataclass(frozen=True, kw_only=True)
class Resize(GeometricOp):
    h: int | None = arg(side("height"), default=None)
    w: int | None = arg(side("width"), default=None)
    short: int | None = arg(side(), default=None)
    long: int | None = arg(side(), default=None)
    fit: tuple[int, int] | None = arg(
        Many("a height and a width in pixels, in parentheses", (480, 640), side(), 2), default=None
    )
    sampler: Word = arg(SAMPLER)

    def infer(self, x: Type) -> Array:
        x = want_image(x, self.name)
        sizes = (self.h or self.w, self.short, self.long, self.fit)
        one_form = sum(size is not None for size in sizes) == 1
        if not one_form or (self.h is None) != (self.w is None):
            h = self.h or self.w or self.short or self.long or 224
            w = self.w or h
            raise Problem(
                "E214",
                "`resize` does not say one size",
                found="none of its forms, or more than one",
                wanted=_FORMS,
                mend=Mend("instead", f"resize(h={h}, w={w}, sampler={self.sampler})"),
                then=x.resized(h=Axis.of("h", h), w=Axis.of("w", w)),
            )
        after = self.placed(x)
        want_sampled(x, self.name, self.sampler, after)
        return after

    def geometry(self, h: int, w: int) -> Geometry:
        return Geometry.scaled(h, w, *self.size(h, w))

    def size(self, h: int, w: int) -> tuple[int, int]:
        """The size that an h x w image is given."""
        if self.fit is not None:
            to_h, to_w = self.fit
            if w / h > to_w / to_h:
                return max(1, round(h / w * to_w)), to_w
            return to_h, max(1, round(w / h * to_h))
        if self.short is not None:
            side, of = self.short, min(h, w)
        elif self.long is not None:
            side, of = self.long, max(h, w)
        else:
            return self.h or h, self.w or w
        return max(1, side * h // of), max(1, side * w // of)

    @property
    def kernel(self) -> Kernel:
        if self.fit is not None:
            return Kernel("resized_fit", self.fit)
        if self.short is not None:
            return Kernel("resized_short", (self.short,))
        if self.long is not None:
            return Kernel("resized_long", (self.long,))
        return Kernel("resized", (self.h or 1, self.w or 1))

    def channelwise(self, x: Array) -> bool:
        return sampler(self.sampler).per_channel

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        if self.fit is not None:
            return Axis("h", 1, self.fit[0]), Axis("w", 1, self.fit[1])
        if self.short is not None:
            return Axis("h", self.short), Axis("w", self.short)
        if self.long is not None:
            return Axis("h", 1, self.long), Axis("w", 1, self.long)
        return Axis.of("h", self.h or 1), Axis.of("w", self.w or 1)

    def numerics(self, x: Array) -> Bound | None:
        return bound(self.sampler, x)

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        return sampled(self.sampler, x, *self.size(*x.shape[:2]))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(f"resize({form}, sampler={name})", image=image, size=size)
                for name in sampler_names()
                for form, image, size in (
                    ("h=16, w=16", "u8[h, w, c=3] bgr", (31, 45)),
                    ("h=40, w=70", "u8[h, w, c=4] rgba", (31, 45)),
                    ("h=50, w=20", "u8[h, w, c=1] gray", (31, 45)),
                    ("h=16, w=23", "u8[h, w] gray", (32, 46)),
                    ("h=16, w=23", "u8[h, w, c=3] rgb", (32, 46)),
                    ("h=10, w=15", "u8[h, w, c=3] rgb", (30, 45)),
                    ("h=31, w=45", "u8[h, w, c=3] rgb", (31, 45)),
                    ("h=1, w=1", "u8[h, w, c=3] rgb", (31, 45)),
                    ("h=7, w=9", "u8[h, w, c=3] rgb", (1, 1)),
                    ("short=24", "u8[h, w, c=3] rgb", (45, 31)),
                    ("long=24", "u8[h, w, c=3] rgb", (31, 45)),
                    ("fit=(20, 20)", "u8[h, w, c=3] rgb", (31, 45)),
                    ("fit=(20, 60)", "u8[h, w, c=3] rgb", (31, 45)),
                )
            ),
            *(
                Case(
                    f"to_float(scale=1/255)\nresize({form}, sampler={name})", image=image, size=size
                )
                for name in sampler_names()
                if "f32" in sampler(name).numerics
                for form, image, size in (
                    ("h=50, w=21", "u8[h, w, c=3] bgr", (31, 45)),
                    ("h=16, w=23", "u8[h, w, c=4] rgba", (32, 46)),
                    ("h=16, w=23", "u8[h, w] gray", (32, 46)),
                    ("h=9, w=70", "u8[h, w] gray", (1, 45)),
                )
            ),
        )
