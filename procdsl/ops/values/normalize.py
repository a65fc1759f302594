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
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, per_channel, real, scale, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.op import Case, ConstantArray, Op
from procdsl.ops.values._statistics import IMAGENET, backwards, exchanged
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Number, Word, show
from procdsl.types.dtypes import INTEGERS
from procdsl.types.numerics import f32
from procdsl.types.value import Type


def _all(numbers: Number | tuple[Number, ...]) -> tuple[float, ...]:
    return tuple(map(float, numbers if isinstance(numbers, tuple) else (numbers,)))


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
        return self.factor / min(map(abs, _all(self.std)))

    def infer(self, x: Type) -> Array:
        means, stds = _all(self.mean), _all(self.std)
        self._check_numbers(x, means, stds)
        self._check_form(x)
        x = self._want_scaled(x)
        self._check_counts(x)
        span = x.range
        if span:
            span = Range(span.low * self.factor, span.high * self.factor, span.standardized)
            self._check_statistics(x, span, means, stds)
        low, high = -1.0, 1.0
        if span:
            pairs = list(zip(means * len(stds), stds * len(means), strict=True))
            low = min((span.low - mean) / abs(std) for mean, std in pairs)
            high = max((span.high - mean) / abs(std) for mean, std in pairs)
        return x.with_(dtype="f32", range=Range(low, high, standardized=True))

    def _check_numbers(self, x: Type, means: tuple[float, ...], stds: tuple[float, ...]) -> None:
        for name, numbers, least in (("std", stds, 1.2e-38), ("mean", means, 0)):
            held = [least <= abs(n) < math.inf for n in self._scaled(numbers)]
            if all(held):
                continue
            mended = tuple(n if fits else 1 for n, fits in zip(numbers, held, strict=True))
            given = self.std if name == "std" else self.mean
            value = show(mended if isinstance(given, tuple) else 1)
            said = f"write that of the data, or `{value}`: 1 leaves the scale as it is"
            raise Problem(
                "E306" if name == "std" else "E211",
                "a standard deviation that float32 cannot divide by"
                if name == "std"
                else "a mean that float32 cannot hold once it is scaled",
                found=f"`{show(numbers[held.index(False)])}`",
                wanted="numbers other than 0" if name == "std" else "smaller numbers",
                fix=Proposal.value(value, said if name == "std" else ""),
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
                fix=Proposal.new_argument("form=fused"),
                then=after,
            )
        if self.form and self.scale is None:
            raise Problem(
                "E209",
                f"`normalize` with form={self.form} does not say by what it scales",
                found="no `scale`",
                wanted="the scale after which mean and std are those of the value",
                fix=Proposal.new_argument("scale=1/255"),
                then=after,
            )

    def _want_scaled(self, x: Type) -> Array:
        """The value as f32, or for a form that scales as it was before; or a `Problem`."""
        whole = isinstance(x, Array) and x.dtype in INTEGERS
        if not isinstance(x, Array) or not (x.dtype == "f32" or (whole and self.form)):
            of_levels = max(map(abs, _all(self.mean))) > 2  # they are those of 0..255 as they stand
            high = x.range.high if isinstance(x, Array) and x.range else 255
            scaled = "to_float(scale=1)" if of_levels else f"to_float(scale=1/{high:g})"
            raise Problem(
                "E302",
                "`normalize` before the scale",
                found=x.described(),
                wanted="an array of f32, or a form that scales by itself",
                fix=Proposal.before(scaled) if whole else Proposal.without_step(),
                then=x.with_(dtype="f32", range=None) if isinstance(x, Array) else None,
            )
        if x.range and not x.range.standardized and x.range.high <= 1.5 and self.factor < 0.1:
            raise Problem(
                "E303",
                f"this value is scaled already, and form={self.form} scales it again",
                found=x.described(),
                wanted=f"the value before its scale, or no scale={show(self.scale or 1)}",
                fix=Proposal.call(f"normalize(mean={show(self.mean)}, std={show(self.std)})"),
                then=x.with_(dtype="f32", range=None),
            )
        return x

    def _check_counts(self, x: Array) -> None:
        for name, value in (("mean", self.mean), ("std", self.std)):
            if isinstance(value, tuple) and len(value) != x.channels:
                wanted = x.channels or 1
                fitting = show((value * wanted)[:wanted] if wanted > 1 else value[0])
                order = (
                    f", in the order {', '.join(x.colour)}" if x.colour in ("rgb", "bgr") else ""
                )
                fix = Proposal.value(fitting, f"write {wanted} numbers{order}, or one for all")
                if wanted == 1 and len(value) == 3:
                    gray = x.colour == "gray" and x.names in (("h", "w"), ("h", "w", "c"))
                    three = "; for three equal channels add the step `convert(rgb)` before" * gray
                    fix = Proposal.value(fitting, f"write the one number of gray{three}")
                    fix = Proposal.before("convert(rgb)", fix.said) if gray else fix
                raise Problem(
                    "E213",
                    f"`{name}` does not have one number for each channel",
                    found=f"{len(value)} numbers for {wanted} channel{'s' * (wanted > 1)}",
                    wanted=f"{wanted} numbers, or one for all channels"
                    if wanted > 1
                    else "one number",
                    fix=fix,
                    at=name,
                    then=x.with_(dtype="f32", range=None),
                )

    def _check_statistics(
        self, x: Array, span: Range, means: tuple[float, ...], stds: tuple[float, ...]
    ) -> None:
        after = x.with_(dtype="f32", range=Range(-1, 1, standardized=True))
        if span.standardized:
            raise Problem(
                "E305",
                "this value is standardized already",
                found=x.described(),
                wanted="a value from which no mean was subtracted",
                fix=Proposal.without_step(),
                then=after,
            )
        mean, std = max(map(abs, means)), max(map(abs, stds))
        on = "a value" if self.form is None else "a value that is scaled to be"
        found = f"a mean of up to {mean:g} and a std of up to {std:g} on {on} in {span}"
        looks, factor = "", 1.0
        if span.high <= 1.5 and max(mean, std) > 2:
            looks, factor = "0..255", 1 / 255
        if span.high > 100 and (0 < mean <= 1 or std < 1):
            looks, factor = "0..1", 255
        if looks:
            raise Problem(
                "E304",
                f"mean and std look like those of {looks}",
                found=found,
                wanted="statistics of the value's own range",
                fix=Proposal.value(f"1/{x.range.high:g}" if looks == "0..1" and x.range else "1")
                if self.form
                else Proposal.call(self._rescaled(factor)),
                at="scale" if self.form else None,
                then=after,
            )
        if exchanged(means, stds, span.high):
            raise Problem(
                "E328",
                "mean and std are exchanged",
                found=f"a mean of {show(self.mean)} and a std of {show(self.std)}",
                wanted="the mean as `mean`, and the standard deviation as `std`",
                fix=Proposal.call(self._written(self.std, self.mean)),
                then=after,
            )
        reversed_, std_fits = backwards(means, stds, x.colour, span.high)
        if reversed_:
            turned = self.std[::-1] if isinstance(self.std, tuple) and not std_fits else self.std
            swaps = x.colour == "bgr" and x.names == ("h", "w", "c") and not std_fits
            raise Problem(
                "E321",
                f"{'the mean is' if std_fits else 'mean and std are'} in the other channel order",
                found=f"{show(self.mean)} on {x.colour}",
                wanted=f"the numbers in the order {', '.join(x.colour or '')}",
                fix=Proposal.before("convert(rgb)")
                if swaps
                else Proposal.call(self._written(means[::-1], turned)),
                then=after.with_(colour="rgb") if swaps else after,
            )

    def _rescaled(self, factor: float) -> str:
        mean, std = (
            tuple(round(v * factor, 6) for v in _all(numbers))
            if isinstance(numbers, tuple)
            else round(float(numbers) * factor, 6)
            for numbers in (self.mean, self.std)
        )
        return f"normalize(mean={show(mean)}, std={show(std)})"

    def _written(self, mean: Number | tuple[Number, ...], std: Number | tuple[Number, ...]) -> str:
        """The call with these statistics."""
        form = f", form={self.form}, scale={show(self.scale)}" if self.scale is not None else ""
        return f"normalize(mean={show(mean)}, std={show(std)}{form})"

    @property
    def operator(self) -> str:
        """How the constant `std` is applied: `/` or `*`."""
        return "*" if self.form == "reciprocal" else "/"

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        """In the form `reciprocal`, `std` is what is multiplied by."""
        mean, std = self._scaled(_all(self.mean)), self._scaled(_all(self.std))
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
