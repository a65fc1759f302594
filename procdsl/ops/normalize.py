"""Subtract a mean and divide by a standard deviation, channel by channel.

`(x - mean) / std` in float32, one rounding an operation: what `torchvision.transforms.Normalize`
computes. The value must be scaled first, and the statistics must be those of its range: 0.485 of a
value in 0..1 is 123.675 of one in 0..255. One number stands for all channels. NaN and
infinities stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from procdsl.arguments import arg, per_channel, real
from procdsl.lazy import np
from procdsl.op import Case, Constant, Op
from procdsl.problem import Mend, Problem
from procdsl.types import Array, Range, Type
from procdsl.values import Number, show

_IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_CLIP = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


def _all(numbers: Number | tuple[Number, ...]) -> tuple[float, ...]:
    return tuple(map(float, numbers if isinstance(numbers, tuple) else (numbers,)))


def _unit(numbers: tuple[float, ...], span: Range | None = None) -> tuple[float, ...]:
    """The numbers as they would be on 0..1, rounded."""
    return tuple(round(n / (span.high if span else 1), 4) for n in numbers)


@dataclass(frozen=True, kw_only=True)
class Normalize(Op):
    pointwise: ClassVar[bool] = True

    mean: float | Fraction | tuple[float | Fraction, ...] = arg(per_channel(real(example=0.5)))
    std: float | Fraction | tuple[float | Fraction, ...] = arg(per_channel(real(example=0.5)))

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on std
        return 1 / min(map(abs, _all(self.std)))

    def infer(self, x: Type) -> Array:
        means, stds = _all(self.mean), _all(self.std)
        for std in stds:
            if abs(std) < 1.2e-38:
                raise Problem(
                    "E306",
                    "a standard deviation that float32 cannot divide by",
                    found=f"`{std!r}`",
                    wanted="numbers other than 0",
                    mend=Mend("value", "1.0"),
                    at="std",
                    then=x,
                )
        if not isinstance(x, Array) or x.dtype != "f32":
            high = x.range.high if isinstance(x, Array) and x.range else 255
            whole = isinstance(x, Array) and x.dtype in ("u8", "u16", "i32", "i64")
            raise Problem(
                "E302",
                "`normalize` before the scale",
                found=x.described(),
                wanted="an array of f32",
                mend=Mend("before", f"to_float(scale=1/{high:g})") if whole else Mend("remove"),
                then=x.with_(dtype="f32", range=None) if isinstance(x, Array) else None,
            )
        self._check_counts(x)
        if x.range:
            self._check_statistics(x, x.range, means, stds)
        low, high = -1.0, 1.0
        if x.range:
            pairs = list(zip(means * len(stds), stds * len(means), strict=True))
            low = min((x.range.low - mean) / abs(std) for mean, std in pairs)
            high = max((x.range.high - mean) / abs(std) for mean, std in pairs)
        return x.with_(range=Range(low, high, standardized=True))

    def _check_counts(self, x: Array) -> None:
        for name, value in (("mean", self.mean), ("std", self.std)):
            if isinstance(value, tuple) and len(value) != x.channels:
                wanted = x.channels or 1
                fitting = (value * wanted)[:wanted] if wanted > 1 else value[0]
                raise Problem(
                    "E213",
                    f"`{name}` does not have one number for each channel",
                    found=f"{len(value)} numbers for {x.channels} channels",
                    wanted=f"{wanted} numbers, or one for all channels",
                    mend=Mend("value", show(fitting)),
                    at=name,
                    then=x.with_(range=None),
                )

    def _check_statistics(
        self, x: Array, span: Range, means: tuple[float, ...], stds: tuple[float, ...]
    ) -> None:
        after = x.with_(range=Range(-1, 1, standardized=True))
        if span.standardized:
            raise Problem(
                "E305",
                "this value is standardized already",
                found=x.described(),
                wanted="a value from which no mean was subtracted",
                mend=Mend("remove"),
                then=after,
            )
        mean, std = max(map(abs, means)), max(map(abs, stds))
        found = f"a mean of up to {mean:g} and a std of up to {std:g} on a value in {span}"
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
                mend=Mend("instead", self._rescaled(factor)),
                then=after,
            )
        if len(means) == 3 and x.colour in ("rgb", "bgr"):
            for known in (_IMAGENET, _CLIP):
                ordered = [_unit(k if x.colour == "rgb" else k[::-1]) for k in known]
                if _unit(means, span) != ordered[0][::-1]:
                    continue
                std_fits = _unit(stds, span) == ordered[1]
                swaps = x.colour == "bgr" and x.names == ("h", "w", "c") and not std_fits
                raise Problem(
                    "E321",
                    "the mean is in the other channel order"
                    if std_fits
                    else "mean and std are in the other channel order",
                    found=f"{show(self.mean)} on {x.colour}",
                    wanted=f"the numbers in the order {', '.join(x.colour)}",
                    mend=Mend("before", "convert(rgb)")
                    if swaps
                    else Mend("instead", self._reversed(std_fits)),
                    then=after.with_(colour="rgb") if swaps else after,
                )

    def _rescaled(self, factor: float) -> str:
        mean, std = (tuple(round(v * factor, 6) for v in _all(s)) for s in (self.mean, self.std))
        return f"normalize(mean={show(mean)}, std={show(std)})"

    def _reversed(self, std_fits: bool) -> str:
        std = self.std[::-1] if isinstance(self.std, tuple) and not std_fits else self.std
        return f"normalize(mean={show(_all(self.mean)[::-1])}, std={show(std)})"

    def constants(self, x: Array) -> Mapping[str, Constant]:
        return {
            name: Constant("f32", _all(getattr(self, name)), self._shape(x, getattr(self, name)))
            for name in ("mean", "std")
        }

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
        return (x - mean) / std

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
        )
