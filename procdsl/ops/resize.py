"""Change the size of an image.

`resize(h=256, w=256, sampler=cv2.linear)` gives that size. The other forms keep the shape of the
picture: `short=256` makes the shorter side 256 and rounds the longer one down
(`256 * long // short`, as torchvision does), `long=640` makes the longer side 640 and rounds the
shorter one down, `fit=(480, 640)` gives the largest size inside height 480 and width 640, the free
side rounded half to even (as `PIL.ImageOps.contain` does), `cover=(480, 640)` the smallest size
that covers it (`PIL.ImageOps.cover`). `multiple=32` makes each side the nearest multiple, and with
`min_pixels` and `max_pixels` scales until the area is within them (Qwen2-VL's smart_resize). No
side gets smaller than 1, or than the multiple.

| library | what is written |
|---|---|
| torchvision `Resize(256)`, Hugging Face `shortest_edge`, timm | `short=256` |
| torchvision `Resize(800, max_size=1333)` | `short=800, cap=1333` |
| DETR in Hugging Face | `short=800, cap=1333, capped=half_even` |
| albumentations `SmallestMaxSize(256)` | `short=256, rounding=half_even` |
| albumentations `LongestMaxSize(640)` | `long=640, rounding=half_even` |
| Segment Anything | `long=1024, rounding=half_up` |
| GLPN in Hugging Face | `multiple=32, rounding=floor` |

`rounding=` is how the free side becomes whole. `floor` is computed in whole numbers; `half_even`
and `half_up` round `side * (wanted / other)` in float64, as those libraries do.

The sampler is always named: `procdsl explain cv2.linear` tells what one computes. There is no
default, because libraries that call theirs "bilinear" do not agree in a single picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from procdsl.arguments import ROUNDINGS, Many, arg, side, whole, words
from procdsl.geometry import Geometry
from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.numerics import Bound
from procdsl.op import Case, GeometricOp, Kernel, want_image
from procdsl.problem import Mend, Problem
from procdsl.registry import sampler, sampler_names
from procdsl.sampling import SAMPLER, bound, sampled, want_sampled
from procdsl.types import Array, Axis, Type
from procdsl.values import Word

_FORMS = "`h` and `w`, or `short`, `long`, `fit`, `cover` or `multiple`"
_OPTIONS = {
    "cap": "`cap` with `short`, without `rounding`",
    "capped": "`capped` with `cap`",
    "rounding": "`rounding` with `short` or `long` (not `ceil`), or with `multiple` alone",
    "min_pixels": "`min_pixels` and `max_pixels` with `multiple`",
    "max_pixels": "`min_pixels` and `max_pixels` with `multiple`",
}


@dataclass(frozen=True, kw_only=True)
class Resize(GeometricOp):
    h: int | None = arg(side("height"), default=None)
    w: int | None = arg(side("width"), default=None)
    short: int | None = arg(side(), default=None)
    long: int | None = arg(side(), default=None)
    fit: tuple[int, int] | None = arg(
        Many("a height and a width in pixels, in parentheses", (480, 640), side(), 2), default=None
    )
    cover: tuple[int, int] | None = arg(
        Many("a height and a width in pixels, in parentheses", (480, 640), side(), 2), default=None
    )
    multiple: int | None = arg(whole(1, SIDE, 32), default=None)
    min_pixels: int | None = arg(whole(1, SIDE * SIDE, 3136), default=None)
    max_pixels: int | None = arg(whole(1, SIDE * SIDE, 1_003_520), default=None)
    cap: int | None = arg(side(), default=None)
    capped: Word | None = arg(words("floor", "half_even"), default=None)
    rounding: Word | None = arg(words("floor", "half_even", "half_up", "ceil"), default=None)
    sampler: Word = arg(SAMPLER)

    def infer(self, x: Type) -> Array:
        x = want_image(x, self.name)
        sizes = (self.h or self.w, self.short, self.long, self.fit, self.cover, self.multiple)
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
        self._check_options(x)
        after = self.placed(x)
        want_sampled(x, self.name, self.sampler, after)
        return after

    def _check_options(self, x: Array) -> None:
        kept = self.short is not None or self.long is not None
        rounds = self.multiple is not None and self.max_pixels is None and self.min_pixels is None
        fitting = {
            "cap": self.short is not None and self.rounding is None,
            "capped": self.cap is not None,
            "rounding": rounds or (kept and self.rounding != "ceil"),
            "min_pixels": self.multiple is not None and self.max_pixels is not None,
            "max_pixels": self.multiple is not None and self.min_pixels is not None,
        }
        for name, fits in fitting.items():
            if getattr(self, name) is not None and not fits:
                raise Problem(
                    "E214",
                    f"`{name}` has no effect here",
                    found=f"`{name}` with this form of `resize`",
                    wanted=_OPTIONS[name],
                    mend=Mend("drop"),
                    at=name,
                    then=x.resized(h=Axis("h"), w=Axis("w")),
                )

    def geometry(self, h: int, w: int) -> Geometry:
        return Geometry.scaled(h, w, *self.size(h, w))

    def size(self, h: int, w: int) -> tuple[int, int]:
        """The size that an h x w image is given."""
        if self.fit is not None:
            to_h, to_w = self.fit
            if w / h > to_w / to_h:
                return max(1, round(h / w * to_w)), to_w
            return to_h, max(1, round(w / h * to_h))
        if self.cover is not None:
            to_h, to_w = self.cover
            if w / h < to_w / to_h:
                return max(1, round(h / w * to_w)), to_w
            return to_h, max(1, round(w / h * to_h))
        if self.multiple is not None:
            return self._multiples(h, w, self.multiple)
        if self.short is not None and self.cap is not None:
            return self._capped(h, w, self.short, self.cap)
        if self.short is not None:
            side, of = self.short, min(h, w)
        elif self.long is not None:
            side, of = self.long, max(h, w)
        else:
            return self.h or h, self.w or w
        if self.rounding not in (None, "floor"):
            turn, scale = ROUNDINGS[str(self.rounding)], side / of
            return max(1, turn(h * scale)), max(1, turn(w * scale))
        return max(1, side * h // of), max(1, side * w // of)

    def _capped(self, h: int, w: int, side: int, cap: int) -> tuple[int, int]:
        """The shorter side made `side`, or what lets the longer one be `cap`."""
        short, long = min(h, w), max(h, w)
        to_short, to_long = side, side * long // short
        if self.capped == "half_even":
            if long / short * side > cap:
                exact = cap * short / long
                to_short, to_long = round(exact), int(exact * long / short)
            if to_short == short:
                to_long = long
        elif to_long > cap:
            to_short, to_long = cap * side // to_long, cap
        to_short, to_long = max(1, to_short), max(1, to_long)
        return (to_short, to_long) if h <= w else (to_long, to_short)

    def _multiples(self, h: int, w: int, m: int) -> tuple[int, int]:
        """Each side a multiple; the area within its bounds, where it has some."""
        turn = ROUNDINGS[str(self.rounding or "half_even")]
        to_h, to_w = max(1, turn(h / m)) * m, max(1, turn(w / m)) * m
        if self.min_pixels is None or self.max_pixels is None:
            return to_h, to_w
        if to_h * to_w > self.max_pixels:
            scale = math.sqrt((h * w) / self.max_pixels)
            return max(1, int(h / scale / m)) * m, max(1, int(w / scale / m)) * m
        if to_h * to_w < self.min_pixels:
            scale = math.sqrt(self.min_pixels / (h * w))
            return math.ceil(h * scale / m) * m, math.ceil(w * scale / m) * m
        return to_h, to_w

    @property
    def kernel(self) -> Kernel:
        if self.fit is not None:
            return Kernel("resized_fit", self.fit)
        if self.cover is not None:
            return Kernel("resized_cover", self.cover)
        rounding = {"rounding": str(self.rounding or "half_even")}
        if self.multiple is not None and self.min_pixels and self.max_pixels:
            return Kernel("resized_pixels", (self.multiple, self.min_pixels, self.max_pixels))
        if self.multiple is not None:
            return Kernel("resized_multiple", (self.multiple,), rounding)
        if self.short is not None and self.cap is not None:
            to_even = {"to_even": self.capped == "half_even"}
            return Kernel("resized_capped", (self.short, self.cap), to_even)
        if self.rounding not in (None, "floor"):
            side, longer = self.long or self.short or 1, self.long is not None
            return Kernel("resized_by", (side,), {"longer": longer, **rounding})
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
        if self.cover is not None:
            return Axis("h", self.cover[0]), Axis("w", self.cover[1])
        if self.multiple is not None:
            return Axis("h", self.multiple), Axis("w", self.multiple)
        if self.short is not None and self.cap is not None:
            return Axis("h", 1, max(self.short, self.cap)), Axis("w", 1, max(self.short, self.cap))
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
                Case(f"resize({form}, sampler=cv2.linear)", size=size)
                for form in (
                    "short=24, cap=30",
                    "short=24, cap=30, capped=half_even",
                    "short=24, rounding=half_even",
                    "long=33, rounding=half_up",
                    "cover=(20, 20)",
                    "cover=(10, 60)",
                    "multiple=16",
                    "multiple=7, rounding=floor",
                    "multiple=7, rounding=ceil",
                    "multiple=4, min_pixels=600, max_pixels=900",
                )
                for size in ((31, 45), (47, 20), (20, 20), (3, 50))
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
