"""Diagnostics as a reader, a program or GitHub wants them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from procdsl import limits
from procdsl.diagnostics.diagnostic import Diagnostic, Fix
from procdsl.diagnostics.snippet import snippet, visible
from procdsl.source import Span


def render(diagnostics: Sequence[Diagnostic], style: str) -> str:
    """All diagnostics as `text`, `json` or `github`, ready to print."""
    if style == "json":
        return json.dumps([plain(d) for d in diagnostics], indent=2) + "\n"
    one = _text if style == "text" else _github
    return "".join(one(d) + "\n" for d in diagnostics)


def _text(diagnostic: Diagnostic) -> str:
    gutter, lines = snippet(diagnostic)
    hint = diagnostic.hint.replace("\n", f"\n{gutter}         ")
    more = f"{gutter} = and {diagnostic.more:,} more of {diagnostic.code}"
    said = (
        f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}",
        *lines,
        f"{gutter} = found: {visible(diagnostic.found)}",
        f"{gutter} = wanted: {diagnostic.wanted}",
        *f"{gutter} = hint: {hint}".split("\n"),
        *([more] if diagnostic.more else []),
        f"{gutter}   more: procdsl explain {diagnostic.code}",
    )
    return "\n".join([*map(_shown, said), ""])


def _shown(line: str) -> str:
    """A line, cut where it is longer than anyone reads."""
    return line if len(line) <= limits.SHOWN else f"{line[: limits.SHOWN]}..."


def _github(diagnostic: Diagnostic) -> str:
    source = diagnostic.span.source
    line, column = source.position(diagnostic.span.start)
    end_line, end_column = source.position(diagnostic.span.end)
    where = f"file={escaped(source.name, True)},line={line},col={column}"
    where += f",endLine={end_line},endColumn={end_column},title={diagnostic.code}"
    said = f"{diagnostic.message}: found {diagnostic.found}, wanted {diagnostic.wanted}. "
    said += f"Hint: {diagnostic.hint}"
    for label in diagnostic.labels:
        place, _ = label.span.source.position(label.span.start)
        said += f"\n{label.span.source.name}:{place}: {label.text}"
    if diagnostic.more:
        said += f"\nand {diagnostic.more:,} more of {diagnostic.code}"
    said = "\n".join(map(_shown, said.split("\n")))
    return f"::{diagnostic.severity.value} {where}::{escaped(said, False)}"


def escaped(text: str, in_property: bool) -> str:
    """The text as a workflow command takes it."""
    for character, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(character, code)
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text


def plain(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **place(diagnostic.span),
        "found": diagnostic.found,
        "wanted": diagnostic.wanted,
        "help": diagnostic.help,
        "labels": [{**place(label.span), "text": label.text} for label in diagnostic.labels],
        "fixes": [_fix(fix) for fix in diagnostic.fixes],
        "more": diagnostic.more,
    }


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "message": fix.message,
        "applicability": fix.applicability.value,
        "edits": [{**place(edit.span), "text": edit.text} for edit in fix.edits],
    }


def place(span: Span) -> dict[str, object]:
    def at(offset: int) -> dict[str, int]:
        line, column = span.source.position(offset)
        return {"line": line, "column": column}

    return {"file": span.source.name, "start": at(span.start), "end": at(span.end)}
