"""Multiply or divide by a number, then add or subtract one.

`scale(divide=127.5, subtract=1)` gives x/127.5 - 1: the `tf` mode of Keras' `preprocess_input`.
`scale(multiply=2, subtract=1)` takes 0..1 to -1..1, `scale(multiply=0.017)` is the `scale` of a
Caffe model, after its mean. Each step is one operation in float32, rounded by itself, in the order
of this sentence; a division and the multiplication by its inverse differ in bits. Statistics by
channel are `normalize`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import show
from procdsl.types.numerics import f32
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Scale(Op):
    pointwise: ClassVar[bool] = True
    roundings: ClassVar[int] = 2

    multiply: float | Fraction | None = arg(real(example=2), default=None)
    divide: float | Fraction | None = arg(real(example=127.5), default=None)
    add: float | Fraction | None = arg(real(example=1), default=None)
    subtract: float | Fraction | None = arg(real(example=1), default=None)

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """The operations in their order: `("/", "divide")`."""
        signs = {"multiply": "*", "divide": "/", "add": "+", "subtract": "-"}
        return tuple((sign, n) for n, sign in signs.items() if getattr(self, n) is not None)

    @property
    def factor(self) -> float:
        """What a value is multiplied by; 0 where float32 cannot divide by `divide`."""
        if self.divide is not None:
            divisor = f32(float(self.divide))
            return 1 / divisor if abs(divisor) > 1.2e-38 else 0.0
        return 1.0 if self.multiply is None else f32(float(self.multiply))

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on the factor
        return abs(self.factor)

    def infer(self, x: Type) -> Array:
        then = x.with_(dtype="f32", range=None) if isinstance(x, Array) else None
        x = expect_dtype(x, self.name, "f32", then=then)
        after = x.with_(range=self._range(x))
        self._check_arguments(after)
        return after

    def doubts(self, x: Array) -> Iterator[Problem]:
        small = x.range is not None and not x.range.standardized and x.range.high <= 1.5
        if small and abs(self.factor) < 0.1:
            yield Problem(
                "E303",
                "this value is scaled already",
                found=x.described(),
                wanted="a value that is not in 0..1 yet",
                help=choices(
                    "scale it once",
                    "without this step: the value as the step before has scaled it",
                    "with `scale=1` in `to_float`: as this step scales it",
                ),
            )

    def _check_arguments(self, after: Array) -> None:
        for one, other in (("multiply", "divide"), ("add", "subtract")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                raise Problem(
                    "E214",
                    f"`scale` with both `{one}` and `{other}`",
                    found=f"{one}={show(getattr(self, one))}, {other}={show(getattr(self, other))}",
                    wanted="one of the two; for both, two steps",
                    help="keep one of the two, or write two steps: the first of them is rounded "
                    f"to f32 before `{other}` follows",
                    at=other,
                    then=after,
                )
        if not self.steps:
            raise Problem(
                "E209",
                "`scale` without a number",
                found="none of multiply, divide, add, subtract",
                wanted="at least one of them",
                help="add what it computes: `divide=127.5, subtract=1` gives x / 127.5 - 1",
                then=after,
            )
        if self.factor == 0:
            name = "multiply" if self.divide is None else "divide"
            raise Problem(
                "E211",
                "a factor that leaves nothing of the value",
                found=f"{name}={show(getattr(self, name))}",
                wanted="a number other than 0",
                help="write the factor that training used; 1 leaves the value as it is",
                at=name,
                then=after,
            )

    def _range(self, x: Array) -> Range | None:
        if x.range is None:
            return None
        offset = float(self.add or 0) - float(self.subtract or 0)
        ends = [end * self.factor + offset for end in (x.range.low, x.range.high)]
        return Range.spanned(ends, x.range.standardized)

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        return {
            name: ConstantArray("f32", (float(getattr(self, name)),), ()) for _, name in self.steps
        }

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"steps": self.steps, "may_overflow": self._range(x) is None}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        operations = {"*": np.multiply, "/": np.divide, "+": np.add, "-": np.subtract}
        for sign, name in self.steps:
            x = operations[sign](x, np.float32(getattr(self, name)))
        return x

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("to_float(scale=1)\nscale(divide=127.5, subtract=1)"),
            Case("to_float(scale=1)\nscale(divide=127.5, subtract=1)\nlayout(c, h, w)"),
            Case("to_float(scale=1/255)\nscale(multiply=2, add=-1)", image="u8[h, w] gray"),
            Case("scale(multiply=-1/3, add=0.7)", image="f32[n=40]"),
            Case("scale(subtract=0.5)", image="f32[h, w, c=3] rgb"),
            Case(post="y = scale(x, divide=3, add=1/3)", outputs={"x": "f32[]"}),
        )
