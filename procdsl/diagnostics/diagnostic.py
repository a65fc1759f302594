"""What the compiler has to say about a file.

A diagnostic says in words what was found, what was wanted and what helps. A fix is what helps as
edits, so that it can be tried: the tests apply every one and compile the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from procdsl import limits
from procdsl.records import dataclass, replace
from procdsl.source import Span


class Severity(Enum):
    """Whether a file with it is compiled."""

    ERROR = "error"
    WARNING = "warning"


class Applicability(Enum):
    """What is known of the file after a fix."""

    SAME = "same"
    """It computes what it computed before."""
    ONLY = "only"
    """It computes the only thing that the text can have meant."""


@dataclass(frozen=True)
class Edit:
    """Put `text` in the place of `span`."""

    span: Span
    text: str


@dataclass(frozen=True)
class Label:
    """Another place that a diagnostic is about, and what is to be seen there."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """A way to mend the file: what it does in words, and the edits that do it.

    It is offered where it keeps the numbers, or leaves no choice; else `help` says what there is
    to choose from.
    """

    message: str
    edits: tuple[Edit, ...]
    applicability: Applicability

    @classmethod
    def same(cls, message: str, *edits: Edit) -> Fix:
        """One after which the file computes what it computed."""
        return cls(message, edits, Applicability.SAME)

    @classmethod
    def only(cls, message: str, *edits: Edit) -> Fix:
        """One to the only thing that the text can have meant."""
        return cls(message, edits, Applicability.ONLY)


@dataclass(frozen=True)
class Diagnostic:
    """One finding: `code` names its page, `span` its place."""

    code: str
    span: Span
    message: str
    found: str
    wanted: str
    help: str = ""
    """What to do, where it takes more than an edit."""
    fixes: tuple[Fix, ...] = ()
    labels: tuple[Label, ...] = ()
    severity: Severity = Severity.ERROR
    more: int = 0
    """How many of the same kind follow, which are not told."""

    @property
    def hint(self) -> str:
        """What helps, in words: each fix on a line, then what no edit can do."""
        return "\n".join(
            [*(fix.message for fix in self.fixes), *([self.help] if self.help else [])]
        )


def capped(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The first diagnostics of each code; the last of them tells how many more there are."""
    kept: list[Diagnostic] = []
    last: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for diagnostic in found:
        counts[diagnostic.code] += 1
        if counts[diagnostic.code] <= limits.FINDINGS:
            last[diagnostic.code] = len(kept)
            kept.append(diagnostic)
    for code, count in counts.items():
        if count > limits.FINDINGS:
            kept[last[code]] = replace(kept[last[code]], more=count - limits.FINDINGS)
    return tuple(kept)


def apply(edits: Iterable[Edit], text: str) -> str:
    """The text with the edits made; edits do not overlap and are all of this text."""
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
