"""The lines of the source that a diagnostic is about, with what is marked in them."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.records import dataclass
from procdsl.source import Source, Span


@dataclass(frozen=True)
class _Mark:
    """A span, the sign that underlines it, and what is said beside that."""

    span: Span
    sign: str
    text: str = ""


def snippet(diagnostic: Diagnostic) -> tuple[str, list[str]]:
    """The blank that stands for line numbers, and the lines: places, source and marks.

    The diagnostic's place is underlined with `^`, those of its labels with `-`. Labels in the same
    file are shown in the order of the lines, those of other files after them. A long line is cut
    round each of its marks.
    """
    marks = [_Mark(diagnostic.span, "^")]
    marks += [_Mark(label.span, "-", label.text) for label in diagnostic.labels]
    numbers = [mark.span.source.position(mark.span.start)[0] for mark in marks]
    gutter = " " * len(str(max(numbers)))
    sources = list(dict.fromkeys(mark.span.source for mark in marks))
    lines: list[str] = []
    for source in sources:
        inside = [mark for mark in marks if mark.span.source is source]
        line, column = source.position(inside[0].span.start)
        arrow = "-->" if source is diagnostic.span.source else ":::"
        lines += [f"{gutter}{arrow} {source.name}:{line}:{column}", f"{gutter} |"]
        lines += _marked(source, inside, gutter)
    return gutter, lines


def _marked(source: Source, marks: Sequence[_Mark], gutter: str) -> list[str]:
    lines: list[str] = []
    last, shown = 0, ""
    for mark in sorted(marks, key=lambda mark: mark.span.start):
        line, column = source.position(mark.span.start)
        text, column, room = _cut(visible(source.line(line)), column)
        if (line, text) != (last, shown):
            lines += ["..."] if last and line > last + 1 else []
            lines.append(f"{line:>{len(gutter)}} | {text}")
        last, shown = line, text
        width = max(1, min(mark.span.end - mark.span.start, room))
        said = f"{gutter} | {' ' * (column - 1)}{mark.sign * width} {mark.text}"
        lines.append(said.rstrip())
    return lines


_WIDTH = 100
_BEFORE = 40


def _cut(text: str, column: int) -> tuple[str, int, int]:
    """A line round one of its columns, that column in it, and how many there are from it on."""
    if len(text) <= _WIDTH:
        return text, column, len(text) - column + 1
    start = max(0, min(column - 1 - _BEFORE, len(text) - _WIDTH))
    shown = text[start : start + _WIDTH]
    if start:
        shown = "..." + shown[3:]
    if start + _WIDTH < len(text):
        return shown[:-3] + "...", column - start, _WIDTH - 3 - (column - start) + 1
    return shown, column - start, _WIDTH - (column - start) + 1


def visible(text: str) -> str:
    """The text with a blank for each tab and a mark for each other character that cannot print."""
    return "".join(
        c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
