"""Gives a file the one style that files have."""

from __future__ import annotations

from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.records import dataclass
from procdsl.source import Source
from procdsl.syntax import printer
from procdsl.syntax.comments import trivia
from procdsl.syntax.parser import parse


@dataclass(frozen=True)
class Formatted:
    """The text in the one style, or None where the file does not parse."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...]


def formatted(source: Source) -> Formatted:
    """Format a file: what it says, its comments and the spelling of its numbers stay."""
    parsed = parse(source)
    if parsed.diagnostics:
        return Formatted(None, parsed.diagnostics)
    text = printer.text(parsed.file, trivia(parsed.file))
    if source.text.partition("\n")[0].endswith("\r"):
        text = text.replace("\n", "\r\n")
    return Formatted(text, ())
