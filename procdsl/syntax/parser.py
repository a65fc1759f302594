"""Text to syntax tree, with every syntax error of the file in one run.

The tokens of a statement that does not parse are dropped, a placeholder takes their place and the
file is parsed anew, so that one slip neither hides the next nor causes others.
"""

from __future__ import annotations

import itertools
from functools import cache

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from procdsl import assets, limits
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.records import dataclass
from procdsl.source import Source, Span
from procdsl.syntax import characters, extent, literals, tree
from procdsl.syntax.build import build
from procdsl.syntax.comments import comments_in
from procdsl.types.dtypes import BYTES


@dataclass(frozen=True)
class Parsed:
    """`file` holds a `Broken` where a statement did not parse."""

    file: tree.File
    diagnostics: tuple[Diagnostic, ...]
    tokens: int = 0
    """How many were read."""


@cache
def _lark() -> Lark:
    return Lark(
        assets.grammar(),
        start="file",
        parser="lalr",
        lexer="basic",
        propagate_positions=True,
        cache=assets.parser_cache(),
    )


def parse(source: Source, room: int = limits.TOKENS) -> Parsed:
    """Parse a file of at most so many tokens. It never raises: what is wrong stands in the
    diagnostics."""
    too_long = extent.too_long(source)
    if too_long:
        return Parsed(_nothing(source), (too_long,))
    diagnostics, text = characters.hidden(source)
    tokens = _lex(source, text, diagnostics, room)
    if tokens is None:
        return Parsed(_nothing(source), tuple(diagnostics), limits.TOKENS)
    too_large = extent.too_many(source, tokens, room) or extent.too_deep(source, tokens)
    if too_large:
        return Parsed(_nothing(source), (*diagnostics, too_large), len(tokens))
    comments = comments_in(source, tokens)
    faults, tokens = literals.unreadable(source, tokens)
    diagnostics += faults
    file = _parse_tokens(source, tokens, comments, diagnostics)
    return Parsed(file, tuple(sorted(diagnostics, key=lambda d: d.span.start)), len(tokens))


def _nothing(source: Source) -> tree.File:
    """A file of which nothing is known, so that nothing is missed in it."""
    start = Span(source, 0, 0)
    return tree.File(start, (tree.Broken(start),), ())


def _lex(source: Source, text: str, diagnostics: list[Diagnostic], room: int) -> list[Token] | None:
    """The tokens; None where so much is out of place that nothing more is read."""
    text += "\n"
    tokens: list[Token] = []
    for read in itertools.count(1):
        start = len(tokens)
        try:
            _add_tokens(text, tokens, room)
            return tokens[start:]
        except UnexpectedCharacters as error:
            offset = error.pos_in_stream or 0
            many = read > limits.STRAY or len(tokens) > limits.TOKENS
            if len(diagnostics) >= limits.SYNTAX_ERRORS or (many and diagnostics):
                return None
            if any(diagnostic.span.start == offset for diagnostic in diagnostics):
                replacement = " "  # it was reported, and what it looks like does not fit either
            else:
                diagnostic, replacement = characters.out_of_place(source, offset)
                same_line = (d for d in diagnostics if d.span.shares_line(diagnostic.span))
                if diagnostic.fixes or all(d.fixes for d in same_line):  # else it was broken before
                    diagnostics.append(diagnostic)
            text = text[:offset] + replacement + text[offset + len(replacement) :]
    raise AssertionError("it is read until it returns")


def _add_tokens(text: str, tokens: list[Token], room: int) -> None:
    """Add those of the text: no more than one over what there is room for, which is enough to
    refuse it."""
    parser = _lark().parse_interactive(text)
    found = parser.lexer_thread.lex(parser.parser_state)  # type: ignore[no-untyped-call]
    before = ""
    for token in itertools.islice(found, room + 1):
        if before == "COLON" and token == BYTES:
            token.type = "BYTES"
        before = token.type
        tokens.append(token)


def _parse_tokens(
    source: Source,
    tokens: list[Token],
    comments: tuple[tree.Comment, ...],
    diagnostics: list[Diagnostic],
) -> tree.File:
    unreadable = [diagnostic.span for diagnostic in diagnostics]
    read = 0
    for _ in range(2 * limits.SYNTAX_ERRORS):
        parser = _lark().parse_interactive()
        index = 0
        try:
            for index, token in enumerate(tokens):  # noqa: B007 - used after the loop breaks off
                parser.feed_token(token)
            index = len(tokens)
            end = Token.new_borrow_pos("$END", "", tokens[-1]) if tokens else Token("$END", "")
            return build(source, parser.feed_token(end), comments)
        except UnexpectedToken:
            from procdsl.syntax import errors

            accepted: set[str] = parser.accepts()  # type: ignore[no-untyped-call]
            mistake = errors.explain(source, tokens, index, accepted)
            # A character that was refused may have broken its statement, and an earlier fix may be
            # for several statements: one report is enough.
            edits = {edit for fix in mistake.diagnostic.fixes for edit in fix.edits}
            proposed = {edit for d in diagnostics for fix in d.fixes for edit in fix.edits}
            told = edits and edits <= proposed
            if not told and not any(mistake.statement.shares_line(span) for span in unreadable):
                diagnostics.append(mistake.diagnostic)
            tokens = mistake.tokens
            read += index
            too_long = bool(diagnostics) and read + len(tokens) > limits.TOKENS
            if len(diagnostics) >= limits.SYNTAX_ERRORS or too_long:
                return _nothing(source)
    return _nothing(source)
