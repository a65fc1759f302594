"""What the compiler has to say about a file.

A hint comes with the edits that carry it out, so that it can be tried: the tests apply those of
every bad example and compile the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from procdsl.source import Span


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


def apply(edits: Iterable[Edit], text: str) -> str:
    """The text with the edits made; edits do not overlap and are all of this text."""
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
