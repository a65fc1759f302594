"""Files that are longer or deeper than procdsl reads."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from procdsl import limits
from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from procdsl.source import Source, Span
from procdsl.syntax.tokens import PARTS, continues, kind_at, span_of


def too_long(source: Source) -> Diagnostic | None:
    """The file or a line of it exceeds its limit."""
    characters = len(source.text)
    if characters > limits.FILE_CHARACTERS:
        start, end, what = 0, 0, f"a file of {characters:,} characters"
        wanted = f"at most {limits.FILE_CHARACTERS:,} characters"
    elif (lines := source.text.count("\n")) > limits.LINES:
        start, end, what = 0, 0, f"a file of {lines:,} lines"
        wanted = f"at most {limits.LINES:,} lines"
    else:
        start = 0
        for line in source.text.split("\n"):
            if len(line) > limits.LINE_CHARACTERS:
                break
            start += len(line) + 1
        else:
            return None
        end, what = start + len(line), f"a line of {len(line):,} characters"
        wanted = f"at most {limits.LINE_CHARACTERS:,} characters a line"
    edits = _break_line(source, start, end)
    hint = "break the line after a comma" if end else "split the file: `let`s can be `use`d"
    return Diagnostic(
        "E111",
        Span(source, start, end),
        "this is longer than procdsl reads",
        found=what,
        wanted=wanted,
        help="" if edits else hint,
        fixes=(Fix.only(hint, *edits),) if edits else (),
    )


def too_many(source: Source, tokens: Sequence[Token], room: int) -> Diagnostic | None:
    """The file has more tokens than there is room for, more statements than the limit, or one that
    lists more."""
    if len(tokens) > room:
        what = "words, numbers and signs, in all files"
        return _too_many(source, tokens[max(0, room)], limits.TOKENS, what)
    depth = statements = listed = 0
    table = False  # a constant, whose values may be as many as there is room for
    for number, token in enumerate(tokens):
        kind = token.type
        if kind in ("LPAR", "RPAR"):
            depth = max(0, depth + (1 if kind == "LPAR" else -1))
        elif kind == "COMMA" and depth < 2 and not table:
            listed += 1
            if listed >= limits.LISTED:
                return _too_many(source, token, limits.LISTED, "things in one list")
        elif kind == "_NL" and not continues(tokens, number):
            depth = listed = 0
            table = kind_at(tokens, number + 1) in ("LET", "PARAM")
            statements += kind_at(tokens, number + 1) != "RBRACE"
            if statements > limits.STATEMENTS:
                return _too_many(source, token, limits.STATEMENTS, "statements")
    return None


def _too_many(source: Source, token: Token, limit: int, what: str) -> Diagnostic:
    return Diagnostic(
        "E111",
        span_of(source, token),
        "this is longer than procdsl reads",
        found=f"more than {limit:,} {what}",
        wanted=f"at most {limit:,}",
        help="a table of many values is one value, in parentheses; a `let` of another file is "
        "there by `use`",
    )


def _break_line(source: Source, start: int, end: int) -> tuple[Edit, ...]:
    edits = []
    last = start
    comma = source.text.find(",", start, end)
    while comma >= 0:
        if comma - last > limits.LINE_CHARACTERS // 2:
            edits.append(Edit(Span(source, comma + 1, comma + 1), "\n"))
            last = comma
        comma = source.text.find(",", comma + 1, end)
    return tuple(edits)


def too_deep(source: Source, tokens: Sequence[Token]) -> Diagnostic | None:
    """Parentheses nest deeper than the limit."""
    opened: list[Token] = []
    for number, token in enumerate(tokens):
        if token.type == "LPAR":
            opened.append(token)
            if len(opened) > limits.NESTING:
                span = span_of(source, token)
                return Diagnostic(
                    "E110",
                    span,
                    "parentheses nest too deeply",
                    found=f"{len(opened)} levels",
                    wanted=f"at most {limits.NESTING}",
                    help="take a level of parentheses away",
                )
        elif token.type == "RPAR" and opened:
            opened.pop()
        elif token.type in PARTS or (token.type == "_NL" and not continues(tokens, number)):
            opened = []
    return None
