"""Multiply by a standard deviation and add a mean, channel by channel.

`denormalize(mean=0.5, std=0.5)` undoes `normalize` with the same numbers, of a picture that a model
gives: `x * std + mean` in float32, one rounding an operation. What `normalize` has rounded stays
rounded, so that the way back may be off by a few units in the last place. `clip`, `scale` and
`cast` make a picture in u8 of it: `clip(min=0, max=1)`, `scale(multiply=255)`,
`cast(u8, rounding=half_even)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, per_channel, real
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.ops.values._statistics import IMAGENET, floats
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Number, show
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Denormalize(Op):
    roundings: ClassVar[int] = 2

    mean: float | Fraction | tuple[float | Fraction, ...] = arg(per_channel(real(example=0.5)))
    std: float | Fraction | tuple[float | Fraction, ...] = arg(per_channel(real(example=0.5)))

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on std
        return max(map(abs, floats(self.std)))

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, "f32")
        after = x.with_(range=self._range(x), kind=None)
        for name, value in (("mean", self.mean), ("std", self.std)):
            if isinstance(value, tuple) and len(value) != x.channels:
                raise Problem(
                    "E213",
                    f"`{name}` does not have one number for each channel",
                    found=f"{len(value)} numbers for {x.described()}",
                    wanted="one number for all channels"
                    if x.channels is None
                    else f"{x.channels}, or one for all channels",
                    help=f"write one number, or as many as the axis `c` of {x} has: a model says "
                    "so in its contract, `c=3`",
                    at=name,
                    then=after,
                )
        if min(floats(self.std)) <= 0:
            raise Problem(
                "E306",
                "a standard deviation that is not above 0",
                found=f"`{show(self.std)}`",
                wanted="numbers above 0",
                help="write the standard deviation that training divided by",
                at="std",
                then=after,
            )
        return after

    def _range(self, x: Array) -> Range | None:
        if x.range is None:
            return None
        means, stds = floats(self.mean), floats(self.std)
        ends = [
            end * std + mean
            for mean, std in zip(means * len(stds), stds * len(means), strict=True)
            for end in (x.range.low, x.range.high)
        ]
        return Range.spanned(ends)

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        return {
            "std": ConstantArray("f32", floats(self.std), self._shape(x, self.std)),
            "mean": ConstantArray("f32", floats(self.mean), self._shape(x, self.mean)),
        }

    def _shape(self, x: Array, value: Number | tuple[Number, ...]) -> tuple[int, ...]:
        """The shape in which the numbers meet the channels."""
        if not isinstance(value, tuple) or len(value) == 1:
            return ()
        return (len(value),) + (1,) * (len(x.axes) - 1 - x.at("c"))

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"may_overflow": self._range(x) is None}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        std, mean = (
            np.array(constant.values, np.float32).reshape(constant.shape)
            for constant in self.constants(*types).values()
        )
        return x * std + mean

    @staticmethod
    def cases() -> tuple[Case, ...]:
        mean, std = IMAGENET
        return (
            Case(
                post=f"y = denormalize(x, mean={mean}, std={std})",
                outputs={"x": "f32[c=3, h=7, w=9] rgb"},
            ),
            Case(
                post=f"y = denormalize(x, mean=1/2, std={std})",
                outputs={"x": "f32[h=7, w=9, c=3] rgb"},
            ),
            Case(post="y = denormalize(x, mean=0.1, std=1/3)", outputs={"x": "f32[]"}),
            Case(
                "normalize(mean=0.25, std=(0.5, 1/3, 2))\n"
                "denormalize(mean=0.25, std=(0.5, 1/3, 2))",
                image="f32[c=3, h, w] bgr",
            ),
        )
