"""Diagnostics as a reader, a program or GitHub wants them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from procdsl.diagnostics.diagnostic import Diagnostic


def render(diagnostics: Sequence[Diagnostic], style: str) -> str:
    """All diagnostics as `text`, `json` or `github`, ready to print."""
    if style == "json":
        return json.dumps([_plain(d) for d in diagnostics], indent=2) + "\n"
    one = _text if style == "text" else _github
    return "".join(one(d) + "\n" for d in diagnostics)


def _text(diagnostic: Diagnostic) -> str:
    source, start = diagnostic.span.source, diagnostic.span.start
    line, column = source.position(start)
    shown = _visible(source.line(line))
    width = max(1, min(diagnostic.span.end - start, len(shown) - column + 1))
    gutter = " " * len(str(line))
    return "\n".join(
        (
            f"error[{diagnostic.code}]: {diagnostic.message}",
            f"{gutter}--> {source.name}:{line}:{column}",
            f"{gutter} |",
            f"{line} | {shown}",
            f"{gutter} | {' ' * (column - 1)}{'^' * width}",
            f"{gutter} = found: {_visible(diagnostic.found)}",
            f"{gutter} = wanted: {diagnostic.wanted}",
            f"{gutter} = hint: {diagnostic.hint}",
            f"{gutter}   more: procdsl explain {diagnostic.code}",
            "",
        )
    )


def _visible(text: str) -> str:
    """The text with a blank for each tab and a mark for each other character that cannot print."""
    return "".join(
        c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _github(diagnostic: Diagnostic) -> str:
    source = diagnostic.span.source
    line, column = source.position(diagnostic.span.start)
    end_line, end_column = source.position(diagnostic.span.end)
    where = f"file={_escaped(source.name, True)},line={line},col={column}"
    where += f",endLine={end_line},endColumn={end_column},title={diagnostic.code}"
    said = f"{diagnostic.message}: found {diagnostic.found}, wanted {diagnostic.wanted}. "
    return f"::error {where}::{_escaped(said + 'Hint: ' + diagnostic.hint, False)}"


def _escaped(text: str, in_property: bool) -> str:
    """The text as a workflow command takes it."""
    for character, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(character, code)
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text


def _plain(diagnostic: Diagnostic) -> dict[str, object]:
    source = diagnostic.span.source

    def place(offset: int) -> dict[str, int]:
        line, column = source.position(offset)
        return {"line": line, "column": column}

    return {
        "code": diagnostic.code,
        "message": diagnostic.message,
        "file": source.name,
        "start": place(diagnostic.span.start),
        "end": place(diagnostic.span.end),
        "found": diagnostic.found,
        "wanted": diagnostic.wanted,
        "hint": diagnostic.hint,
        "edits": [
            {
                "file": edit.span.source.name,
                "start": place(edit.span.start),
                "end": place(edit.span.end),
                "text": edit.text,
            }
            for edit in diagnostic.edits
        ],
    }
