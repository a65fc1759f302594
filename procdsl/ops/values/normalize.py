"""Subtract a mean and divide by a standard deviation, channel by channel.

`(x - mean) / std` in float32, one rounding an operation: what `torchvision.transforms.Normalize`
computes. The value must be scaled first, and the statistics must be those of its range: 0.485 of a
value in 0..1 is 123.675 of one in 0..255. One number stands for all channels. NaN and
infinities stay.

Two forms leave out the scaling and scale the statistics instead, by 255 for `scale=1/255`. They
take the value as it is (whole numbers, or f32), and mean and std of the scaled one:

- `form=fused`: `(x - mean*255) / (std*255)`, Hugging Face's image processors on torchvision.
- `form=reciprocal`: `(x - mean*255) * (1/(std*255))`, albumentations; `max_pixel_value` is the 255.

The products and the reciprocal are rounded to float32, each once, as those libraries do. Of the 768
values that u8 can take with ImageNet's statistics, the fused form gives 465 other bits than the
plain one, and the reciprocal form 492. What timm's loader computes, statistics multiplied in
float64, is the plain form with those numbers on `to_float(scale=1)`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, per_channel, real, scale, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.ops.values import _statistics
from procdsl.ops.values._statistics import IMAGENET, Statistics, floats
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Number, Word, show
from procdsl.types.dtypes import INTEGERS
from procdsl.types.numerics import f32
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Normalize(Op):
    pointwise: ClassVar[bool] = True
    roundings: ClassVar[int] = 3

    mean: float | Fraction | tuple[float | Fraction, ...] = arg(per_channel(real(example=0.5)))
    std: float | Fraction | tuple[float | Fraction, ...] = arg(per_channel(real(example=0.5)))
    form: Word | None = arg(words("fused", "reciprocal"), default=None)
    scale: float | Fraction | None = arg(scale(), default=None)

    @property
    def factor(self) -> float:
        """What the value is multiplied by before mean and std, if not in these words."""
        return 1.0 if self.scale is None else float(self.scale)

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on std
        return self.factor / min(map(abs, floats(self.std)))

    def infer(self, x: Type) -> Array:
        means, stds = floats(self.mean), floats(self.std)
        self._check_numbers(x, means, stds)
        self._check_form(x)
        x = self._want_floats(x)
        self._check_counts(x)
        return x.with_(dtype="f32", range=self._range(x))

    def _range(self, x: Array) -> Range | None:
        ends, means, stds = [-1.0, 1.0], floats(self.mean), floats(self.std)
        if span := self._scaled_range(x):
            pairs = zip(means * len(stds), stds * len(means), strict=True)
            ends = [(end - mean) / abs(std) for mean, std in pairs for end in (span.low, span.high)]
        return Range.spanned(ends, standardized=True)

    def _scaled_range(self, x: Array) -> Range | None:
        """The range of the value that mean and std are for."""
        if x.range is None:
            return None
        ends = [x.range.low * self.factor, x.range.high * self.factor]
        return Range.spanned(ends, x.range.standardized)

    def _check_numbers(self, x: Type, means: tuple[float, ...], stds: tuple[float, ...]) -> None:
        negative = next((n for n in stds if n < 0), None)
        if negative is not None:
            raise Problem(
                "E306",
                "a standard deviation below 0",
                found=f"`{show(negative)}`",
                wanted="numbers above 0: it is a root of squares",
                help="write the standard deviation of the training data; where the sign of the "
                "numbers is meant to change, `scale` multiplies by -1",
                at="std",
                then=x,
            )
        for name, numbers, least in (("std", stds, 1.2e-38), ("mean", means, 0)):
            held = [least <= abs(n) < math.inf for n in self._scaled(numbers)]
            if all(held):
                continue
            raise Problem(
                "E306" if name == "std" else "E211",
                "a standard deviation that float32 cannot divide by"
                if name == "std"
                else "a mean that float32 cannot hold once it is scaled",
                found=f"`{show(numbers[held.index(False)])}`",
                wanted="numbers other than 0" if name == "std" else "smaller numbers",
                help="write the standard deviation of the training data; 1 leaves the scale as it "
                "is"
                if name == "std"
                else "write the mean of the training data, as it is once the value is scaled",
                at=name,
                then=x,
            )

    def _check_form(self, x: Type) -> None:
        after = x.with_(dtype="f32", range=None) if isinstance(x, Array) else None
        if self.form is None and self.scale is not None:
            raise Problem(
                "E209",
                "`normalize` with a scale does not say its form",
                found=f"scale={show(self.scale)}",
                wanted="form=fused (Hugging Face) or form=reciprocal (albumentations)",
                help=choices(
                    "say how training scaled",
                    "`form=fused`: (x - mean*255) / (std*255), Hugging Face on torchvision",
                    "`form=reciprocal`: (x - mean*255) * (1/(std*255)), albumentations",
                    "a `to_float` before, and no `scale` here: x/255 first, rounded, as "
                    "torchvision does",
                ),
                then=after,
            )
        if self.form and self.scale is None:
            raise Problem(
                "E209",
                f"`normalize` with form={self.form} does not say by what it scales",
                found="no `scale`",
                wanted="the scale after which mean and std are those of the value",
                help=choices(
                    "say what mean and std are of",
                    "`scale=1/255`: of 0..1, of a value in 0..255",
                    "`scale=1`: of the value as it is",
                ),
                then=after,
            )

    def _want_floats(self, x: Type) -> Array:
        """The value as f32, or for a form that scales as it was before; or a `Problem`."""
        if isinstance(x, Array) and x.dtype in (("f32", *INTEGERS) if self.form else ("f32",)):
            return x
        whole = isinstance(x, Array) and x.dtype in INTEGERS
        of_levels = max(map(abs, floats(self.mean))) > 2  # they are those of 0..255 as they stand
        fix = Proposal.before("to_float(scale=1)") if whole and of_levels else None
        high = x.range.high if isinstance(x, Array) and x.range else 255
        ways = choices(
            "say how the value is scaled to what mean and std are of",
            f"`to_float(scale=1/{high:g})` before this step: x/{high:g}, rounded, as torchvision "
            "does",
            f"`form=fused, scale=1/{high:g}` in this step: Hugging Face's arithmetic, other last "
            "bits",
            f"`form=reciprocal, scale=1/{high:g}` in this step: albumentations', other last bits",
        )
        raise Problem(
            "E302",
            "`normalize` before the scale",
            found=x.described(),
            wanted="an array of f32, or a form that scales by itself",
            fix=fix,
            help=""
            if fix
            else ways
            if whole
            else "`cast(f32)` before this step, or an array of numbers",
            then=x.with_(dtype="f32", range=None) if isinstance(x, Array) else None,
        )

    def _check_counts(self, x: Array) -> None:
        for name, value in (("mean", self.mean), ("std", self.std)):
            if isinstance(value, tuple) and len(value) != x.channels:
                wanted = x.channels or 1
                raise Problem(
                    "E213",
                    f"`{name}` does not have one number for each channel",
                    found=f"{len(value)} numbers for {wanted} channel{'s' * (wanted > 1)}",
                    wanted=f"{wanted} numbers, or one for all channels"
                    if wanted > 1
                    else "one number",
                    help=self._counts(x, len(value), wanted),
                    at=name,
                    then=x.with_(dtype="f32", range=None),
                )

    def _counts(self, x: Array, given: int, wanted: int) -> str:
        """Which numbers to write for so many channels, in words."""
        if x.channels is None:
            return "say how many channels the input has: `c=3` in its type"
        if wanted == 1 and given == 3 and x.colour == "gray":
            return choices(
                "say what the model was trained on",
                "one number: the mean and std of gray",
                "`convert(rgb)` before this step: three equal channels, each with its number",
            )
        order = f", in the order {', '.join(x.colour)}" if x.colour in ("rgb", "bgr") else ""
        return f"write {wanted} number{'s' * (wanted > 1)}{order}, or one for all"

    def doubts(self, x: Array) -> Iterator[Problem]:
        span = self._scaled_range(x)
        if x.range is None or span is None:
            return
        if not span.standardized and x.range.high <= 1.5 and self.factor < 0.1:
            yield Problem(
                "E303",
                f"this value is scaled already, and form={self.form} scales it again",
                found=x.described(),
                wanted=f"the value before its scale, or no scale={show(self.scale or 1)}",
                help=choices(
                    "scale it once",
                    f"without `form` and `scale`: mean and std of the value as it is, {x.range}",
                    f"without the scale before: form={self.form} scales the value as it came",
                ),
            )
        if span.standardized:
            yield Problem(
                "E305",
                "this value is standardized already",
                found=x.described(),
                wanted="a value from which no mean was subtracted",
                help=choices(
                    "subtract one mean",
                    "without this step: the value as the step before has standardized it",
                    "without the step before: as this one does",
                ),
            )
        form = f", form={self.form}, scale={show(self.scale)}" if self.scale is not None else ""
        yield from _statistics.doubts(Statistics(self.mean, self.std, form), x, span)

    @property
    def operator(self) -> str:
        """How the constant `std` is applied: `/` or `*`."""
        return "*" if self.form == "reciprocal" else "/"

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        """In the form `reciprocal`, `std` is what is multiplied by."""
        mean, std = self._scaled(floats(self.mean)), self._scaled(floats(self.std))
        if self.form == "reciprocal":
            std = tuple(f32(1 / v) for v in std)
        return {
            "mean": ConstantArray("f32", mean, self._shape(x, self.mean)),
            "std": ConstantArray("f32", std, self._shape(x, self.std)),
        }

    def _scaled(self, numbers: tuple[float, ...]) -> tuple[float, ...]:
        """Statistics of the value as it is; without a scale the same numbers."""
        if self.scale is None:
            return numbers
        unit = f32(float(1 / self.scale))
        return tuple(f32(f32(number) * unit) for number in numbers)

    def _shape(self, x: Array, value: Number | tuple[Number, ...]) -> tuple[int, ...]:
        """The shape in which the numbers meet the channels."""
        if not isinstance(value, tuple) or len(value) == 1:
            return ()
        return (len(value),) + (1,) * (len(x.axes) - 1 - x.at("c"))

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "operator": self.operator,
            "whole": x.dtype != "f32",
            "may_overflow": (x.dtype == "f32" and x.range is None) or self._range(x) is None,
        }

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        mean, std = (
            np.array(constant.values, np.float32).reshape(constant.shape)
            for constant in self.constants(*types).values()
        )
        centred = x.astype(np.float32) - mean
        return centred * std if self.form == "reciprocal" else centred / std

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                "to_float(scale=1/255)\n"
                "normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))",
                image="u8[h, w, c=3] rgb",
            ),
            Case(
                "to_float(scale=1/255)\n"
                "layout(c, h, w)\n"
                "normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))",
                image="u8[h, w, c=3] rgb",
            ),
            Case("to_float(scale=1/255)\nnormalize(mean=1/2, std=0.5)", image="u8[h, w] gray"),
            Case("normalize(mean=0.25, std=(0.5, 1/3, 2))", image="f32[c=3, h, w] bgr"),
            *(
                Case(f"normalize(mean={mean}, std={std}, form={form}, scale={scale})", image=image)
                for form in ("fused", "reciprocal")
                for mean, std, scale, image in (
                    (*IMAGENET, "1/255", "u8[h, w, c=3] rgb"),
                    (*IMAGENET, "1/255", "f32[c=3, h, w] rgb"),
                    (0.5, 0.5, 0.00392156862745098, "u8[h, w] gray"),
                    (0.5, 0.25, "1/65535", "u16[h, w, c=3] rgb"),
                    (0.5, 0.25, "1/1000", "i32[h, w]"),
                )
            ),
        )
