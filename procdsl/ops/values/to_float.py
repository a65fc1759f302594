"""Turn whole numbers into float32, scaled.

`to_float(scale=1/255)` divides by 255 in float32, as training code does (torchvision's ToTensor,
albumentations' ToFloat); 2/255 divides by 127.5. `to_float(scale=0.00392)` multiplies by that
decimal in float32. The file says which is meant, and may name two other forms:

- `to_float(scale=1/255, form=reciprocal)` multiplies by the float32 next to 1/255: torchvision v2's
  `to_dtype(scale=True)`, TensorFlow's `convert_image_dtype`, and what CUDA makes of a division by a
  number. It differs from the division in 126 of the 256 values of u8.
- `to_float(scale=0.00392, form=f64)` multiplies in float64 and rounds to float32 once: Hugging
  Face's slow path. For a fraction the slow path gives the bits of the division, so there is no form
  of its own (tried: 1/n for n up to 1023 on all of u8, 1/65535 on all of u16).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, scale, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Word, show
from procdsl.types.dtypes import INTEGERS
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class ToFloat(Op):
    pointwise: ClassVar[bool] = True

    scale: float | Fraction = arg(scale())
    form: Word | None = arg(words("reciprocal", "f64"), default=None)

    @property
    def divides(self) -> bool:
        return isinstance(self.scale, Fraction) and self.form is None

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        operand = 1 / self.scale if self.divides else self.scale
        return {"scale": ConstantArray("f32", (float(operand),), ())}

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on the scale
        return float(self.scale)

    def infer(self, x: Type) -> Array:
        by = (
            f"divide={1 / self.scale}"
            if isinstance(self.scale, Fraction)
            else f"multiply={show(self.scale)}"
        )
        floats = choices(
            "the value is float already; say what this step is for",
            "without it: the numbers as they are",
            f"`scale({by})` for it: scaled once more",
        )
        is_float = isinstance(x, Array) and x.dtype == "f32"
        x = expect_dtype(x, self.name, *INTEGERS, help=floats * is_float, then=x)
        scale = float(self.scale)
        scaled = x.range and Range.spanned([x.range.low * scale, x.range.high * scale])
        after = x.with_(dtype="f32", range=scaled)
        if self.form and (self.form == "reciprocal") != isinstance(self.scale, Fraction):
            raise Problem(
                "E214",
                f"a scale that form={self.form} is not for",
                found=f"scale={show(self.scale)}",
                wanted="form=reciprocal with a fraction, form=f64 with a decimal: without a form a "
                "decimal multiplies in f32, and a fraction divides as f64 would",
                help=choices(
                    "say how it is scaled",
                    "`scale=1/255`: divided in f32",
                    "`scale=1/255, form=reciprocal`: multiplied by the f32 next to 1/255",
                    "`scale=0.00392`: multiplied by that decimal in f32",
                    "`scale=0.00392, form=f64`: multiplied in float64, rounded to f32 once",
                ),
                at="form",
                then=after,
            )
        return after

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"f64": self.form == "f64", "scale": float(self.scale), "divides": self.divides}

    def doubts(self, x: Array) -> Iterator[Problem]:
        scale = float(self.scale)
        if scale >= 100:
            yield Problem(
                "E304",
                f"a scale that multiplies by {scale:g}",
                found=f"`{show(self.scale)}` on {x.described()}",
                wanted="1 over a number, which divides by it",
                help=choices(
                    "say which is meant",
                    f"`scale=1/{round(scale)}`: divided by {round(scale)}",
                    "`scale=1`: the numbers as they are",
                ),
                at="scale",
            )

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        if self.form == "f64":
            return (x.astype(np.float64) * float(self.scale)).astype(np.float32)
        real = x.astype(np.float32)
        operand = np.float32(self.constants(*types)["scale"].values[0])
        return real / operand if self.divides else real * operand

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("to_float(scale=1/255)"),
            Case("to_float(scale=2/255)"),
            Case("to_float(scale=1/127)", image="u8[h, w] gray"),
            Case("to_float(scale=0.00392156862745098)"),
            Case("to_float(scale=1)", image="i32[n=40]"),
            Case("to_float(scale=1/65535)", image="u16[h, w, c=3] rgb"),
            Case("to_float(scale=1/255, form=reciprocal)"),
            Case("to_float(scale=0.00392, form=f64)"),
            Case("to_float(scale=0.017, form=f64)\nlayout(c, h, w)"),
        )
