"""An axis of an array, and the range of its values."""

from __future__ import annotations

from procdsl.limits import AXIS
from procdsl.records import dataclass


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

    def holds(self, other: Range) -> bool:
        """Whether all values of another range lie in this one."""
        return self.low <= other.low and other.high <= self.high

    def __str__(self) -> str:
        return f"{self.low:.6g}..{self.high:.6g}" + (", standardized" * self.standardized)
