"""An axis of an array, and the range of its values."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from procdsl.limits import AXIS
from procdsl.records import dataclass
from procdsl.types.numerics import LARGEST


@dataclass(frozen=True)
class Axis:
    """A named axis; its size lies from `low` to `high`, or is not bounded above."""

    name: str
    low: int = 1
    high: int | None = None

    @property
    def size(self) -> int | None:
        """The size, where it is known."""
        return self.low if self.low == self.high else None

    @property
    def indices(self) -> Range:
        """Where an index into it lies; as far as the longest goes, where its size is open."""
        return Range(0, (self.high or AXIS) - 1)

    @classmethod
    def of(cls, name: str, size: int) -> Axis:
        return cls(name, size, size)

    def __str__(self) -> str:
        return self.name if self.size is None else f"{self.name}={self.size}"


@dataclass(frozen=True)
class Range:
    """The values lie from `low` to `high`; `standardized` is set once a mean was subtracted."""

    low: float
    high: float
    standardized: bool = False

    @classmethod
    def spanned(cls, ends: Iterable[float], standardized: bool = False) -> Range | None:
        """The range of numbers that lie between computed ends.

        None where an end is beyond float32: the numbers may be infinite there. A fraction of
        hundreds of digits is rounded, or each product would double them.
        """
        ends = [_short(end) for end in ends]
        if all(abs(end) <= LARGEST for end in ends):
            return cls(min(ends), max(ends), standardized)
        return None

    def holds(self, other: Range) -> bool:
        """Whether all values of another range lie in this one."""
        return self.low <= other.low and other.high <= self.high

    def __str__(self) -> str:
        return f"{self.low:.6g}..{self.high:.6g}" + (", standardized" * self.standardized)


def _short(end: float) -> float:
    """An end as it is, or rounded where it is a fraction that float64 tells as well."""
    return float(end) if isinstance(end, Fraction) and end.denominator > 2**256 else end
