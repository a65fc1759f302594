"""How far two values are apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from procdsl.lazy import np
from procdsl.records import dataclass
from procdsl.types.constants import shorten, show

if TYPE_CHECKING:
    from procdsl.reference.interpreter import Data


@dataclass
class Difference:
    """Of numbers the largest and the mean, over all inputs that were tried; else what is other."""

    count: int = 0
    differing: int = 0
    largest: float = 0.0
    total: float = 0.0
    other: str = ""
    """What differs that has no distance, in words: the first that was met."""

    @property
    def same(self) -> bool:
        return not self.differing and not self.other

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else 0.0

    @property
    def share(self) -> float:
        return self.differing / self.count if self.count else 0.0

    @property
    def said(self) -> str:
        if self.other:
            return self.other
        if self.same:
            return "the same"
        return (
            f"at most {self.largest:.4g} off, on average {self.mean:.4g}, in "
            f"{100 * self.share:.3g} % of {self.count:,} numbers"
        )

    def plain(self) -> dict[str, object]:
        """As data; what is not finite has no number in JSON."""
        if self.other:
            return {"same": False, "said": self.other}
        finite = math.isfinite(self.largest) and math.isfinite(self.mean)
        return {
            "same": self.same,
            "largest": self.largest if finite else None,
            "mean": self.mean if finite else None,
            "share": self.share,
            "numbers": self.count,
        }

    def add(self, old: Data, new: Data) -> None:
        """Take in two values that stand for each other."""
        if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
            self._add_numbers(old, new)
        elif not (isinstance(old, str | list) and isinstance(new, str | list)):
            self.other = self.other or "of another kind"
        elif old != new:
            self.other = self.other or f"{_text(new)}, and was {_text(old)}"

    def _add_numbers(self, old: np.ndarray, new: np.ndarray) -> None:
        if old.shape != new.shape:
            self.other = self.other or f"of shape {list(new.shape)}, and was {list(old.shape)}"
            return
        a, b = old.astype(np.float64), new.astype(np.float64)
        with np.errstate(invalid="ignore"):  # the difference of two infinities
            apart = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
        apart = np.where(np.isnan(apart), np.inf, apart)
        self.count += apart.size
        self.differing += int(np.count_nonzero(apart))
        self.largest = max(self.largest, float(apart.max(initial=0.0)))
        self.total += float(apart.sum())


def _text(value: object) -> str:
    texts = tuple(value) if isinstance(value, list) else str(value)
    return shorten(show(texts))
