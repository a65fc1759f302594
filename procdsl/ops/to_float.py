"""Turn whole numbers into float32, scaled.

`to_float(scale=1/255)` divides by 255 in float32, as training code does. `to_float(scale=0.00392)`
multiplies by that decimal in float32. The two differ in bits, and the file says which is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from procdsl.arguments import Kind, Real, arg
from procdsl.lazy import np
from procdsl.op import Case, Constant, Op, want_dtype
from procdsl.problem import Mend, Problem
from procdsl.types import INTEGERS, Array, Range, Type
from procdsl.values import Constant as Value
from procdsl.values import show


@dataclass(frozen=True)
class Scale(Kind):
    """A fraction with 1 above the line, or a positive number."""

    def read(self, value: Value) -> float | Fraction:
        if isinstance(value, Fraction) and value.numerator == 1:
            return value
        if isinstance(value, Fraction):
            raise self.unfit(value, "E211")
        number = Real(self.wanted, self.example, 1e-30, 1e30).read(value)
        return float(number)


@dataclass(frozen=True, kw_only=True)
class ToFloat(Op):
    scale: float | Fraction = arg(
        Scale("1 over a whole number (divides), or a number (multiplies)", Fraction(1, 255))
    )

    @property
    def operator(self) -> str:
        """How the scale is applied: `/` or `*`."""
        return "/" if isinstance(self.scale, Fraction) else "*"

    pointwise: ClassVar[bool] = True

    def constants(self, x: Array) -> Mapping[str, Constant]:
        fraction = isinstance(self.scale, Fraction)
        operand = self.scale.denominator if fraction else self.scale  # type: ignore[union-attr]
        return {"scale": Constant("f32", (float(operand),), ())}

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on the scale
        return float(self.scale)

    def infer(self, x: Type) -> Array:
        if isinstance(x, Array) and x.dtype == "f32" and x.range:
            raise Problem(
                "E303",
                "this value is scaled already",
                found=x.described(),
                wanted="whole numbers: " + ", ".join(INTEGERS),
                mend=Mend("remove"),
                then=x,
            )
        x = want_dtype(x, self.name, *INTEGERS, mend=Mend("remove"), then=x)
        scale = float(self.scale)
        if scale >= 100:
            raise Problem(
                "E211",
                f"a scale that multiplies by {scale:g}",
                found=f"`{show(self.scale)}` on {x.described()}",
                wanted="1 over a number, which divides by it",
                mend=Mend("value", f"1/{round(scale)}"),
                at="scale",
                then=x.with_(dtype="f32", range=None),
            )
        scaled = Range(x.range.low * scale, x.range.high * scale) if x.range else None
        return x.with_(dtype="f32", range=scaled)

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        real = x.astype(np.float32)
        operand = np.float32(self.constants(*types)["scale"].values[0])
        return real / operand if self.operator == "/" else real * operand

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("to_float(scale=1/255)"),
            Case("to_float(scale=1/127)", image="u8[h, w] gray"),
            Case("to_float(scale=0.00392156862745098)"),
            Case("to_float(scale=1)", image="i32[n=40]"),
            Case("to_float(scale=1/65535)", image="u16[h, w, c=3] rgb"),
        )
