"""What the compiler has to say about a file.

A `Diagnostic` is finished: it has a place and can be printed. A `Problem` is what an op raises:
it knows what is wrong and how to mend it, but not where in the file it stands; the checker, which
knows, makes a diagnostic of it. A mend is a list of edits, so that a hint can be tried: the tests
apply it to every bad example and compile the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from procdsl.source import Span

if TYPE_CHECKING:
    from procdsl.types import Type


@dataclass(frozen=True)
class Edit:
    """Put `text` in the place of `span`."""

    span: Span
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One error: `code` names its page, `span` its place, `hint` (and its `edits`) its mend."""

    code: str
    span: Span
    message: str
    found: str
    wanted: str
    hint: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Mend:
    """How to mend a step. `how` is one of:

    - `before`, `after`: add the line `text` before or after the step,
    - `instead`: write the call `text` in the step's place,
    - `value`: write `text` as the value of the argument that the problem is about,
    - `argument`: write `text` in the place of that argument, name and all,
    - `add`: add the argument `text` to the call,
    - `remove`: drop the step,
    - `drop`: drop the argument that the problem is about.
    """

    how: str
    text: str = ""

    def sentence(self) -> str:
        return {
            "before": f"add the step `{self.text}` before this one",
            "after": f"add the step `{self.text}` after this one",
            "instead": f"write `{self.text}`",
            "value": f"write `{self.text}`",
            "argument": f"write `{self.text}`",
            "add": f"add `{self.text}`",
            "remove": "remove this step",
            "drop": "remove this argument",
        }[self.how]


class Problem(Exception):
    """Raised by an op's type rule or an argument's reader.

    `at` is the name of the argument that is wrong (None: the step as a whole). `then` is the type
    that the step's result would have had, so that the steps after it can still be checked; without
    it the result is unknown and nothing more is said of it.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        found: str,
        wanted: str,
        mend: Mend,
        at: str | None = None,
        then: Type | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.found = found
        self.wanted = wanted
        self.mend = mend
        self.at = at
        self.then = then


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant."""
    matches = get_close_matches(word.lower(), sorted(words), n=1, cutoff=0.6)
    return matches[0] if matches else None


def apply(edits: Iterable[Edit], text: str) -> str:
    """The text with the edits made; edits do not overlap and are all of this text."""
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
