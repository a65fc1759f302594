"""What the ops share that compute number by number with two values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Arithmetic(Op):
    """An operation of IEEE 754 on float32; the second value is repeated along what it lacks."""

    inputs: ClassVar[tuple[str, ...]] = ("x", "y")
    roundings: ClassVar[int] = 1
    gain: ClassVar[float] = 2.0
    sign: ClassVar[str] = ""

    @property
    def template(self) -> str:
        """One for all of them."""
        return "ops/values/_arithmetic"

    def infer(self, x: Type, y: Type) -> Array:
        x, y = (expect_dtype(value, self.name, "f32") for value in (x, y))
        strange = [axis for axis in y.axes if axis != x.axis(axis.name)]
        if strange:
            raise Problem(
                "E327",
                f"`{self.name}` of values whose axes do not fit",
                found=f"{x} and {y}",
                wanted="a second value with axes that the first has, each as long as there",
                help="take the value with more axes first; along an axis that the second one lacks "
                "it is repeated",
            )
        return x.with_(kind=self._kind(x, y), range=self._range(x.range, y.range))

    def _kind(self, x: Array, y: Array) -> str | None:
        """The kind of the result; for most nothing is known."""
        return None

    def _range(self, x: Range | None, y: Range | None) -> Range | None:
        """Where the result lies, from the ends of both."""
        if x is None or y is None or (self.sign == "/" and y.low <= 0 <= y.high):
            return None
        ends = [self._computed(a, b) for a in (x.low, x.high) for b in (y.low, y.high)]
        return Range.spanned(ends, x.standardized)

    def _computed(self, a: float, b: float) -> float:
        operations = {"+": a + b, "-": a - b, "*": a * b}
        return a / b if self.sign == "/" else operations[self.sign]

    def order(self, x: Array, y: Array) -> tuple[int, ...]:
        """For each axis of the second value, in the order of the first, where it is."""
        return tuple(y.at(name) for name in x.names if name in y.names)

    def attributes(self, x: Array, y: Array) -> Mapping[str, Attribute]:
        order = self.order(x, y)
        rank = len(order)
        return {
            "sign": self.sign,
            "order": order,
            "moved": tuple(at - rank for at in order) if order != tuple(range(rank)) else None,
            "places": tuple(range(-rank, 0)),
            "has": tuple(name in y.names for name in x.names),
            "open": tuple(
                (axis.name, x.from_end(axis.name), y.from_end(axis.name))
                for axis in y.axes
                if axis.size is None
            ),
        }

    def reference(self, types: tuple[Array, Array], x: np.ndarray, y: np.ndarray) -> np.ndarray:
        x_type, y_type = types
        for name in y_type.names:
            m, n = x.shape[x_type.at(name)], y.shape[y_type.at(name)]
            if m != n:
                raise ValueError(f"`{name}` is {m} long in one value and {n} in the other")
        y = np.transpose(y, self.order(x_type, y_type))
        for place, name in enumerate(x_type.names):
            y = y if name in y_type.names else np.expand_dims(y, place)
        operations = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
        with np.errstate(divide="ignore"):
            return operations[self.sign](x, y)

    @classmethod
    def cases_of(cls, name: str) -> tuple[Case, ...]:
        """Values with the same axes, with fewer, and in another order."""
        return tuple(
            Case(post=f"z = {name}(x, y)", outputs={"x": x, "y": y})
            for x, y in (
                ("f32[n=7, d=5]", "f32[n=7, d=5]"),
                ("f32[n=7, d=5]", "f32[n=7]"),
                ("f32[c=4, h=3, w=5]", "f32[w=5, c=4]"),
                ("f32[c=4, h=3, w=5]", "f32[]"),
                ("f32[]", "f32[]"),
            )
        )
