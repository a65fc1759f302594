"""The sum along an axis or two.

`areas = sum(masks, over=(h, w))` of masks [n, h, w] counts the pixels of each: [n]. Whole numbers
and masks give i64. f32 is summed in float64, its two axes as one, the second half added to the
first again and again, and rounded to float32 once: the same bits on every backend. The axes are
gone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import OneOrMany
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.values._sums import tree_sum
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.dtypes import INTEGERS
from procdsl.types.numerics import EXACT, ErrorBound
from procdsl.types.value import Type

_OVER = OneOrMany("the name of an axis, or of two in parentheses", Word("class"), axis())


@dataclass(frozen=True, kw_only=True)
class Sum(Op):
    gain: ClassVar[float] = 0.0  # `error_bound` knows how many numbers there are

    over: Word | tuple[Word, ...] = arg(_OVER)

    @property
    def _names(self) -> tuple[Word, ...]:
        return self.over if isinstance(self.over, tuple) else (self.over,)

    def infer(self, x: Type) -> Array:
        for name in self._names:
            expect_axis(x, name, self.name, "over")
        x = expect_dtype(x, self.name, *INTEGERS, "bool", "f32")
        if len({*self._names}) < len(self._names) or len(self._names) > 2:
            raise Problem(
                "E307",
                "`sum` over axes that are not one or two",
                found=f"({', '.join(self._names)}), on {x.described()}",
                wanted="one axis, or two different ones",
                help="`flatten` makes one axis of several; name each of them once",
                at="over",
            )
        for name in self._names:
            x = x.without(name)
        dtype = "f32" if x.dtype == "f32" else "i64"
        return x.with_(dtype=dtype, colour=None, kind=None, range=None)

    def error_bound(self, x: Array) -> ErrorBound | None:
        if not x.tolerance:
            return EXACT
        count = math.prod(x.shape[x.at(name)] or 1 for name in self._names)
        return ErrorBound(x.tolerance * count, "the bound of the numbers, as often as there are")

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"over": tuple(x.from_end(name) for name in self._names), "dtype": x.dtype}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return dict.fromkeys(self._names, 1)

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        over = [types[0].at(name) for name in self._names]
        moved = np.moveaxis(x, over, range(-len(over), 0))
        shape = moved.shape[: -len(over)]
        rows = moved.reshape(*shape, math.prod(moved.shape[-len(over) :]))
        if x.dtype != np.float32:
            return np.asarray(rows.sum(-1, dtype=np.int64))
        return tree_sum(rows.astype(np.float64), -1).squeeze(-1).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(
            Case(post=f"y = sum(x, over={over})", outputs={"x": x})
            for over, x in (
                ("(h, w)", "bool[n=3, h=5, w=7]"),
                ("d", "f32[a=2, d=37, b=3]"),
                ("(w, n)", "f32[n=3, h=5, w=7]"),
                ("d", "u8[d=9]"),
                ("d", "i32[n=4, d=1]"),
            )
        )
