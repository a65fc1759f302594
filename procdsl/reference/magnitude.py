"""How large the bounded numbers are whose range the checker does not know, or that are beyond it.

What `normalize` makes of numbers of any size is -1..1 only where its statistics are theirs. A bound
holds for such numbers within -1..1, and grows with them: a resize of values up to 190 may be off by
190 times its bound, also where a `normalize` behind it makes them small again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procdsl.lazy import np
from procdsl.types.array import Array
from procdsl.types.value import Record, Type

if TYPE_CHECKING:
    from procdsl.ir.pipeline import Value
    from procdsl.reference.interpreter import Data


class Magnitude:
    """Watches a run of the reference; `largest` is what bounds are multiplied by, at least 1."""

    def __init__(self) -> None:
        self.largest = 1.0

    def __call__(self, value: Value, data: Data) -> None:
        self._see(value.type, data)

    def _see(self, type_: Type, data: Data) -> None:
        if isinstance(type_, Record) and isinstance(data, dict):
            for name, array in type_.fields:
                self._see(array, data[name])
        elif isinstance(type_, Array) and type_.tolerance:
            span = type_.range
            known = max(abs(span.low), abs(span.high)) + type_.tolerance if span else 0.0
            numbers = np.abs(np.asarray(data, np.float64))
            numbers = numbers[np.isfinite(numbers) & (numbers > known)]
            self.largest = float(numbers.max(initial=self.largest))
