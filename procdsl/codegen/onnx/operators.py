"""What kernels compute with, number by number, beside the arithmetic of tensors.

What is given numbers of Python alone is computed by Python.
"""

from __future__ import annotations

import math
from typing import Any, overload

import numpy as np

from procdsl.codegen.onnx.dtypes import broadcast
from procdsl.codegen.onnx.graph import Number, Size, Tensor, binary, constant, is_constant, node
from procdsl.types.numerics import bound_in_f32 as bound_in_f32


def tensor(x: Number, dtype: str = "") -> Tensor:
    """The number as a tensor of shape [1]: whole numbers as i64, others as f64."""
    if isinstance(x, Tensor):
        return x.cast(dtype or x.dtype)
    plain = "bool" if isinstance(x, bool) else "i64" if isinstance(x, int) else "f64"
    return constant([x], dtype or plain)


def real(x: Number) -> Number:
    """The number in float64."""
    return x.cast("f64") if isinstance(x, Tensor) else float(x)


def ratio(a: Number, b: Number) -> Number:
    """a / b in float64."""
    return real(a) / real(b)


def whole(x: Number) -> Size:
    """The number without what is behind its point, as `int` of Python gives it."""
    return x.cast("i64") if isinstance(x, Tensor) else int(x)


@overload
def to_f32(x: float) -> float: ...
@overload
def to_f32(x: Number) -> Number: ...
def to_f32(x: Number) -> Number:
    """A number of float64 rounded to what float32 holds."""
    return x.cast("f32").cast("f64") if isinstance(x, Tensor) else float(np.float32(x))


@overload
def floor(x: Tensor) -> Tensor: ...
@overload
def floor(x: Number) -> Number: ...
def floor(x: Number) -> Number:
    """The largest whole number that is not above it; of a tensor still a float."""
    return node("Floor", [x], x.dtype, x.shape) if isinstance(x, Tensor) else math.floor(x)


@overload
def ceil(x: Tensor) -> Tensor: ...
@overload
def ceil(x: Number) -> Number: ...
def ceil(x: Number) -> Number:
    """The smallest whole number that is not below it; of a tensor still a float."""
    return node("Ceil", [x], x.dtype, x.shape) if isinstance(x, Tensor) else math.ceil(x)


@overload
def rounded(x: Tensor) -> Tensor: ...
@overload
def rounded(x: Number) -> Number: ...
def rounded(x: Number) -> Number:
    """The nearest whole number, of two the even one; of a tensor still a float."""
    return node("Round", [x], x.dtype, x.shape) if isinstance(x, Tensor) else round(x)


def trunc(x: Tensor) -> Tensor:
    """Floats without what is behind their point."""
    return where(x < 0, ceil(x), floor(x))


@overload
def square_root(x: Tensor) -> Tensor: ...
@overload
def square_root(x: Number) -> Number: ...
def square_root(x: Number) -> Number:
    return node("Sqrt", [x], x.dtype, x.shape) if isinstance(x, Tensor) else math.sqrt(x)


def exp(x: Tensor) -> Tensor:
    return node("Exp", [x], x.dtype, x.shape)


def log(x: Tensor) -> Tensor:
    return node("Log", [x], x.dtype, x.shape)


def power(x: Tensor, exponent: float) -> Tensor:
    return binary("Pow", x, exponent, x.dtype)


def sine(x: Tensor) -> Tensor:
    return node("Sin", [x], x.dtype, x.shape)


def cosine(x: Tensor) -> Tensor:
    """As the sine a quarter on: a Cos of float64 older runtimes have not."""
    return sine(x + math.pi / 2)


def is_nan(x: Tensor) -> Tensor:
    return node("IsNaN", [x], "bool", x.shape)


@overload
def minimum(a: Tensor, b: Number) -> Tensor: ...
@overload
def minimum(a: Size, b: Size) -> Size: ...
@overload
def minimum(a: Number, b: Number) -> Number: ...
def minimum(a: Number, b: Number) -> Number:
    """The smaller of two numbers; of floats, neither of which may be NaN."""
    return _extreme("Min", a, b) if _tensors(a, b) else min(a, b)


@overload
def maximum(a: Tensor, b: Number) -> Tensor: ...
@overload
def maximum(a: Size, b: Size) -> Size: ...
@overload
def maximum(a: Number, b: Number) -> Number: ...
def maximum(a: Number, b: Number) -> Number:
    """The larger of two numbers; of floats, neither of which may be NaN."""
    return _extreme("Max", a, b) if _tensors(a, b) else max(a, b)


def _extreme(operator: str, a: Number, b: Number) -> Tensor:
    return binary(operator, a, b, next(n.dtype for n in (a, b) if isinstance(n, Tensor)))


@overload
def quotient(x: Tensor, divisor: Size) -> Tensor: ...
@overload
def quotient(x: Size, divisor: Size) -> Size: ...
def quotient(x: Size, divisor: Size) -> Size:
    """Whole numbers that are not negative, divided and rounded down."""
    return binary("Div", x, divisor, x.dtype) if isinstance(x, Tensor) else x // divisor


def clip(x: Tensor, low: Number | None, high: Number | None) -> Tensor:
    """No number below the one bound or above the other; of floats, none of which is NaN."""
    if not _tensors(*(n for n in (low, high) if n is not None)):
        ends = [None if n is None else constant(n, x.dtype) for n in (low, high)]
        return node("Clip", [x, *ends], x.dtype, x.shape)
    x = x if low is None else maximum(x, low)
    return x if high is None else minimum(x, high)


def shifted_right(x: Tensor, bits: int) -> Tensor:
    """u32 divided by 2**bits, rounded down: ONNX shifts no numbers with a sign."""
    assert x.dtype == "u32", "what is shifted is u32"
    return node("BitShift", [x, constant(bits, "u32")], "u32", x.shape, direction="RIGHT")


def equals(a: Number, b: Number) -> Tensor | bool:
    """Whether, or where, two numbers are the same."""
    if isinstance(a, Tensor):
        return a.equals(b)
    return b.equals(a) if isinstance(b, Tensor) else a == b


def where(condition: Tensor | bool, a: Any, b: Any) -> Any:
    """The one number where the condition holds, the other elsewhere.

    ONNX Runtime makes a plain zero of a -0.0 of the first, so that of f32 only one may vary.
    """
    if not isinstance(condition, Tensor):
        return a if condition else b
    if not _tensors(a, b) and a == b:
        return a
    x, y = _alike(a, b)
    if x.dtype == "f32" and not is_constant(x):
        if not is_constant(y):
            raise TypeError("of two f32 that vary ONNX Runtime would lose a -0.0: take parts")
        # with a Not it would change the two again
        condition, x, y = condition.equals(False), y, x
    if isinstance(a, float) and a == 0 and math.copysign(1, a) < 0:
        return -where(condition, 0.0, -y)
    shape = broadcast(condition.shape, x.shape, y.shape)
    return node("Where", [condition, x, y], x.dtype, shape)


def _alike(a: Number, b: Number) -> tuple[Tensor, Tensor]:
    """Two numbers in one dtype: that of a tensor, or of Python's the wider one."""
    of = next((n.dtype for n in (a, b) if isinstance(n, Tensor)), "")
    if not of:
        of = "f64" if isinstance(a, float) or isinstance(b, float) else "i64"
    x, y = (n if isinstance(n, Tensor) else constant(n, of) for n in (a, b))
    if x.dtype != y.dtype:
        raise TypeError(f"either {x.dtype} or {y.dtype}: cast one of them first")
    return x, y


def plain_zero(x: Tensor) -> Tensor:
    """The same numbers, but of two zeros the one without a sign."""
    return where(x.equals(0), 0, x)


def _tensors(*numbers: Number) -> bool:
    return any(isinstance(n, Tensor) for n in numbers)
