"""What differs between two pipelines, as data.

A change has a code, which names its page and says how grave it is: D1.. are names, order and text,
D2.. are numbers, D3.. are what callers and the model count on.
"""

from __future__ import annotations

from enum import IntEnum

from procdsl.ir.pipeline import Pipeline
from procdsl.records import dataclass
from procdsl.source import Span


class Verdict(IntEnum):
    """What is to be said of two pipelines; the value is the exit code of `procdsl diff`."""

    IDENTICAL = 0
    SAME_MEANING = 3
    NUMERICS_CHANGED = 4
    CONTRACT_BROKEN = 5

    @property
    def said(self) -> str:
        return self.name.lower().replace("_", " ")


_VERDICTS = {
    "D1": Verdict.SAME_MEANING,
    "D2": Verdict.NUMERICS_CHANGED,
    "D3": Verdict.CONTRACT_BROKEN,
}


def verdict_of(code: str) -> Verdict:
    """How grave a change of this code is."""
    return _VERDICTS[code[:2]]


@dataclass(frozen=True)
class Side:
    """One of two pipelines, and how messages speak of it: as the user has named it."""

    name: str
    pipeline: Pipeline

    def place(self, span: Span) -> str:
        """File and line; of the source in a manifest, both."""
        source = self.pipeline.source
        line, _ = span.source.position(span.start)
        if source.name == self.name:
            return f"{self.name}:{line}"
        return f"{self.name} ({source.title}:{line})"


@dataclass(frozen=True)
class Seen:
    """What stands on one side, and where."""

    text: str
    span: Span | None = None


@dataclass(frozen=True)
class Change:
    """One difference; what stands on one side alone has nothing on the other."""

    code: str
    message: str
    was: Seen | None = None
    now: Seen | None = None

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.code)
