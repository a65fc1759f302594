"""Raise values to a power: gamma correction.

On u8 the result of each level stands in a table, computed once in float64, and `form` names how a
level is scaled and rounded, with p = (level/255) ** gamma:

- `form=torchvision`: 255.999 * p rounded down, the table of `adjust_gamma` on Pillow images (its
  form on tensors computes in float32, and differs where that crosses a whole number: one level in
  400 random gammas).
- `form=albumentations`: 255 * (level * (1/255)) ** gamma rounded down.
- `form=scikit_image`: 255 * p rounded to the nearest, ties to the even one.

On f32 in 0..1 it is x ** gamma in float64, rounded to float32 once, and takes no `form`.
`gamma=2.2` darkens, `gamma=5/11` brightens. NaN stays, and a number below 0, which rounding may
leave of one at 0, counts as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Word
from procdsl.types.numerics import EXACT, ErrorBound
from procdsl.types.value import Type

_LEVELS: dict[str, Callable[[int, float], int]] = {
    "torchvision": lambda i, gamma: int((255 + 1 - 1e-3) * (i / 255) ** gamma),
    "albumentations": lambda i, gamma: int((i * (1 / 255)) ** gamma * 255),
    "scikit_image": lambda i, gamma: min(round(255 * (i / 255) ** gamma), 255),
}

POWER_BOUND = ErrorBound(
    6e-8,
    "a power is not the same in every library; computed in float64 and rounded to float32 it "
    "differs by one unit in the last place at most",
)


@dataclass(frozen=True, kw_only=True)
class Gamma(Op):
    pointwise: ClassVar[bool] = True
    roundings: ClassVar[int] = 1

    gamma: float | Fraction = arg(real(0.05, 20, 2.2))
    form: Word | None = arg(words(*_LEVELS), default=None)

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on gamma
        """Below 1 the curve is steep at 0, where an error of at least 1e-8 grows by this much."""
        gamma = float(self.gamma)
        return max(gamma, 1e-8 ** (gamma - 1))

    @property
    def power(self) -> float:
        return float(self.gamma)

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, "u8", "f32", then=x)
        if x.dtype == "u8" and self.form is None:
            raise Problem(
                "E209",
                "`gamma` of u8 does not say how to round",
                found="no `form`",
                wanted="form=" + " or ".join(_LEVELS),
                help=choices(
                    "say whose table training used",
                    "`form=torchvision`: adjust_gamma on Pillow images, rounded down",
                    "`form=albumentations`: RandomGamma, rounded down from another product",
                    "`form=scikit_image`: adjust_gamma, rounded to the nearest",
                ),
                then=x,
            )
        if x.dtype == "f32" and self.form is not None:
            raise Problem(
                "E214",
                "`gamma` of f32 has nothing to round",
                found=f"form={self.form} on {x.described()}",
                wanted="`form` only on u8",
                help=choices(
                    "say which is meant",
                    "without `form`: the power in float64, rounded to f32 once",
                    f"this step before `to_float`, with form={self.form}: the table of u8",
                ),
                at="form",
                then=x,
            )
        if x.dtype == "f32" and not (x.range and 0 <= x.range.low <= x.range.high <= 1):
            raise Problem(
                "E301",
                "`gamma` of a value that is not known to lie in 0..1",
                found=x.described(),
                wanted="f32 in 0..1, or u8",
                help=choices(
                    "bring the value to 0..1 before",
                    "`scale(divide=...)`: divided by the largest number that it can be",
                    "`clip(min=0, max=1)`: what lies outside is cut off",
                ),
                then=x.with_(range=Range(0, 1)),
            )
        return x if x.dtype == "u8" else x.with_(range=Range(0, 1))

    def error_bound(self, x: Array) -> ErrorBound | None:
        return EXACT if x.dtype == "u8" else POWER_BOUND

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        if self.form is None:
            return {}
        level = _LEVELS[self.form]
        return {
            "gamma": ConstantArray("u8", tuple(level(i, self.power) for i in range(256)), (256,))
        }

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"levels": self.form is not None, "power": self.power}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        if x.dtype == np.uint8:
            return np.array(self.constants(*types)["gamma"].values, np.uint8)[x]
        real = np.where(x < 0, 0.0, x.astype(np.float64))
        return np.asarray((real**self.power).astype(np.float32))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(Case(f"gamma(gamma=5/11, form={form})") for form in _LEVELS),
            Case("gamma(gamma=1.8, form=torchvision)", image="u8[h, w] gray"),
            Case("gamma(gamma=2.2, form=torchvision)\nto_float(scale=1/255)\nlayout(c, h, w)"),
            Case("to_float(scale=1/255)\ngamma(gamma=2.2)\nlayout(c, h, w)"),
            Case("clip(min=0, max=1)\ngamma(gamma=0.45)", image="f32[h, w, c=3] rgb"),
            Case(
                "clip(min=0, max=1)\ngamma(gamma=5/11)",
                image="f32[n=6]",
                values=lambda: {"image": np.array([-1, -0.0, 0, 0.5, 1, np.nan], np.float32)},
            ),
        )
