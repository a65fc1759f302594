"""Change the size of an image.

`resize(h=256, w=256, sampler=cv2.linear)` gives that size. The other forms keep the shape of the
picture: `short=256` makes the shorter side 256 and rounds the longer one down
(`256 * long // short`, as torchvision does), `long=640` makes the longer side 640 and rounds the
shorter one down, `fit=(480, 640)` gives the largest size inside height 480 and width 640, the free
side rounded half to even (as `PIL.ImageOps.contain` does), `cover=(480, 640)` the smallest size
that covers it (`PIL.ImageOps.cover`), `near=(384, 384)` scales as little as possible to bring one
side to that of the box. `multiple=32` makes each side the nearest multiple; with `fit` not beyond
the box, with `cover` not below it, with `min_pixels` and `max_pixels` after a scale that brings the
area within them, with `max_patches=256` as large as so many squares of that side allow. No side
gets smaller than 1, or than the multiple.

| library | what is written |
|---|---|
| torchvision `Resize(256)`, Hugging Face `shortest_edge`, timm | `short=256` |
| torchvision `Resize(800, max_size=1333)` | `short=800, cap=1333` |
| torchvision's detectors | `short=800, cap=1333, capped=scaled_floor` |
| the same scripted, and in older versions | `short=800, cap=1333, capped=scaled_floor_f32` |
| DETR in Hugging Face | `short=800, cap=1333, capped=half_even` |
| Mask2Former in Hugging Face | `short=800, cap=1333, multiple=32, rounding=ceil` |
| ViLT, BridgeTower | `short=384, cap=639, capped=half_up, multiple=32, rounding=floor` |
| Detectron2 `ResizeShortestEdge` | `short=800, cap=1333, capped=half_up` |
| MMDetection `Resize(keep_ratio=True)` | `short=800, cap=1333, capped=scaled_half_up` |
| albumentations `SmallestMaxSize(256)` | `short=256, rounding=half_even` |
| albumentations `LongestMaxSize(640)` | `long=640, rounding=half_even` |
| timm `ResizeKeepRatio(224, longest=1)` | `long=224, rounding=half_even_ratio` |
| Segment Anything | `long=1024, rounding=half_up` |
| GLPN in Hugging Face | `multiple=32, rounding=floor` |
| DPT, ZoeDepth, Depth Anything in Hugging Face | `near=(384, 384), multiple=32` |
| MiDaS, Depth Anything: lower bound, upper bound | `cover=(518, 518), multiple=14`, `fit=...` |
| Qwen2-VL | `multiple=28, min_pixels=3136, max_pixels=1003520` |
| SigLIP2, NaFlex | `multiple=16, max_patches=256` |
| Pix2Struct | `multiple=16, max_patches=2048, rounding=floor` |

`rounding=` is how the free side becomes whole, or each side a multiple. `floor` of a side is
computed in whole numbers; `half_even` and `half_up` round `side * (wanted / other)` in float64,
`half_even_ratio` rounds `side / (other / wanted)`, as those libraries do.

The sampler is always named: `procdsl explain cv2.linear` tells what one computes. There is no
default, because libraries that call theirs "bilinear" do not agree in a single picture.

Cubic and lanczos samplers have weights below 0: floats of 0..1 come out in a range as wide as
-0.45..1.45 (`cv2.cubic`), which the checker follows. `clip(min=0, max=1)` after them cuts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, side, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_image
from procdsl.opdef.geometric import GeometricOp, PlacementRule
from procdsl.opdef.op import Case
from procdsl.opdef.sampling import SAMPLER, bound, doubts_of_sampling, expect_sampled, gain, sampled
from procdsl.ops.geometry import _sizes
from procdsl.records import dataclass
from procdsl.registry import sampler, sampler_names
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.coordinates import Placement
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder, Sides
    from procdsl.lower.program import Variable

_FORMS = "`h` and `w`, or `short`, `long`, `fit`, `cover`, `near` or `multiple`"
_OPTIONS = {
    "cap": "`cap` with `short`",
    "capped": "`capped` with `cap`",
    "rounding": "`rounding` with `short` or `long` without `cap` (not `ceil`), or with `multiple`",
    "min_pixels": "`min_pixels` and `max_pixels` with `multiple`, without `rounding`",
    "max_pixels": "`min_pixels` and `max_pixels` with `multiple`, without `rounding`",
    "max_patches": "`max_patches` with `multiple`, rounded `ceil` or `floor`",
    "multiple": "`multiple` alone, or with `fit`, `cover`, `near` or `cap`",
}
_CAPPED = ("floor", "half_even", "half_up", "scaled_floor", "scaled_floor_f32", "scaled_half_up")
_BOX = Many("a height and a width in pixels, in parentheses", (480, 640), side(), 2)


@dataclass(frozen=True, kw_only=True)
class Resize(GeometricOp):
    roundings: ClassVar[int] = 16  # two passes over up to eight taps
    scales: ClassVar[bool] = True

    h: int | None = arg(side("height"), default=None)
    w: int | None = arg(side("width"), default=None)
    short: int | None = arg(side(), default=None)
    long: int | None = arg(side(), default=None)
    fit: tuple[int, int] | None = arg(_BOX, default=None)
    cover: tuple[int, int] | None = arg(_BOX, default=None)
    near: tuple[int, int] | None = arg(_BOX, default=None)
    multiple: int | None = arg(whole(1, SIDE, 32), default=None)
    min_pixels: int | None = arg(whole(1, SIDE * SIDE, 3136), default=None)
    max_pixels: int | None = arg(whole(1, SIDE * SIDE, 1_003_520), default=None)
    max_patches: int | None = arg(whole(1, SIDE, 256), default=None)
    cap: int | None = arg(side(), default=None)
    capped: Word | None = arg(words(*_CAPPED), default=None)
    rounding: Word | None = arg(
        words("floor", "half_even", "half_up", "ceil", "half_even_ratio"), default=None
    )
    sampler: Word = arg(SAMPLER)

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on the sampler
        return gain(self.sampler)

    def infer(self, x: Type) -> Array:
        x = expect_image(x, self.name)
        forms = (self.h or self.w, self.short, self.long, self.fit, self.cover, self.near)
        named = sum(form is not None for form in forms)
        one_form = named == 1 or (named == 0 and self.multiple is not None)
        if not one_form or (self.h is None) != (self.w is None):
            raise Problem(
                "E214",
                "`resize` does not say one size",
                found="none of its forms, or more than one",
                wanted=_FORMS,
                help=self._choices(),
                then=x.resized(h=Axis("h"), w=Axis("w")),
            )
        self._check_options(x)
        return expect_sampled(x, self.name, self.sampler, self.placed(x))

    def _check_options(self, x: Array) -> None:
        side = (self.short is not None and self.cap is None) or self.long is not None
        box = self.fit or self.cover or self.near
        alone = not (side or box or self.h or self.cap)
        limited = self.min_pixels is not None or self.max_pixels is not None
        rounds = self.multiple is not None and not box and not limited
        to_patches = self.max_patches is not None
        fitting = {
            "cap": self.short is not None,
            "capped": self.cap is not None,
            "multiple": alone or box or self.cap is not None,
            "min_pixels": alone and self.multiple is not None and self.max_pixels is not None,
            "max_pixels": alone and self.multiple is not None and self.min_pixels is not None,
            "max_patches": alone and self.multiple is not None and not limited,
            "rounding": self.rounding != "ceil"
            if side
            else rounds
            and self.rounding != "half_even_ratio"
            and not (to_patches and self.rounding not in ("ceil", "floor")),
        }
        for name, fits in fitting.items():
            if getattr(self, name) is not None and not fits:
                raise Problem(
                    "E214",
                    f"`{name}` has no effect here",
                    found=f"`{name}` with this form of `resize`",
                    wanted=_OPTIONS[name],
                    help=f"leave `{name}` out, or name what it goes with; `procdsl explain resize` "
                    "has a table of what other libraries compute",
                    at=name,
                    then=x.resized(h=Axis("h"), w=Axis("w")),
                )

    def _choices(self) -> str:
        """What the sizes that are named may mean, and what each computes."""
        if (self.h is None) != (self.w is None) and not (self.short or self.long):
            have, lack = ("h", "w") if self.w is None else ("w", "h")
            side = self.h or self.w
            box = f"({side}, w)" if have == "h" else f"(h, {side})"
            return choices(
                f"`{have}={side}` leaves `{lack}` open; say what becomes of it",
                f"`{lack}=` with a number, too: that size, whatever the shape of the picture",
                f"`short={side}` or `long={side}`: the shorter or the longer side, the other one "
                "in proportion",
                f"`fit={box}`, with a number for the largest `{lack}`: as large as goes into that "
                "box, in proportion; `pad` then fills it up",
            )
        return choices(
            "say the size in one way",
            "`h=` and `w=`: that size, whatever the shape of the picture",
            "`short=` or `long=`: that side, the other one in proportion",
            "`fit=(h, w)`, `cover=(h, w)` or `near=(h, w)`: in proportion, inside the box, around "
            "it or as near as it goes",
            "`multiple=`: each side the nearest multiple",
        )

    @property
    def rule(self) -> _sizes.Rule:
        """How the size follows from that of the picture."""
        rounding = None if self.rounding is None else str(self.rounding)
        for how, box in (("fit", self.fit), ("cover", self.cover), ("near", self.near)):
            if box is not None:
                multiple = self.multiple or 1 if how == "near" else self.multiple
                return _sizes.Box(*box, how, multiple)
        if self.short is not None and self.cap is not None:
            how = str(self.capped or "floor")
            return _sizes.Capped(self.short, self.cap, how, self.multiple, rounding or "half_even")
        if self.short is not None or self.long is not None:
            side = self.short or self.long or 1
            return _sizes.OneSide(side, self.long is not None, rounding or "floor")
        if self.multiple is not None and self.max_patches is not None:
            return _sizes.Patches(self.multiple, self.max_patches, rounding or "ceil")
        if self.multiple is not None:
            limits = self.min_pixels, self.max_pixels
            return _sizes.Multiples(self.multiple, rounding or "half_even", *limits)
        return _sizes.Fixed(self.h or 1, self.w or 1)

    def doubts(self, x: Array) -> Iterable[Problem]:
        return doubts_of_sampling(x, self.name, self.sampler)

    def placement(self, h: int, w: int) -> Placement:
        return Placement.scaled(h, w, *self.size(h, w))

    def size(self, h: int, w: int) -> tuple[int, int]:
        """The size that an h x w image is given."""
        return self.rule.size(h, w)

    @property
    def placement_rule(self) -> PlacementRule:
        return self.rule.placement_rule

    def channelwise(self, x: Array) -> bool:
        return sampler(self.sampler).per_channel

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        return self.rule.bounds

    def error_bound(self, x: Array) -> ErrorBound | None:
        return bound(self.sampler, x)

    def lower(self, build: Builder, x: Variable) -> Variable:
        sides: Sides
        if self.h is not None and self.w is not None:
            sides = self.h, self.w
        else:
            sides = build.sides_of(build.place(self, *build.sides(x)))
        return build.sample(self.sampler, x, sides)

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
                    *(f"short=24, cap=30, capped={how}" for how in _CAPPED[2:]),
                    "short=24, cap=30, multiple=8, rounding=ceil",
                    "short=24, cap=40, capped=half_up, multiple=8, rounding=floor",
                    "long=33, rounding=half_even_ratio",
                    "near=(24, 32), multiple=8",
                    "near=(24, 32)",
                    "fit=(24, 32), multiple=8",
                    "cover=(24, 32), multiple=8",
                    "multiple=4, max_patches=60",
                    "multiple=4, max_patches=60, rounding=floor",
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
