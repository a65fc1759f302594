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


def parse(source: Source) -> Parsed:
    """Parse a file. It never raises: what is wrong stands in the diagnostics."""
    too_long = extent.too_long(source)
    if too_long:
        return Parsed(_nothing(source), (too_long,))
    diagnostics, text = characters.hidden(source)
    tokens = _lex(source, text, diagnostics)
    too_deep = extent.too_deep(source, tokens)
    if too_deep:
        return Parsed(_nothing(source), (*diagnostics, too_deep))
    comments = comments_in(source, tokens)
    faults, tokens = literals.unreadable(source, tokens)
    diagnostics += faults
    file = _parse_tokens(source, tokens, comments, diagnostics)
    return Parsed(file, tuple(sorted(diagnostics, key=lambda d: d.span.start)))


def _nothing(source: Source) -> tree.File:
    """A file of which nothing is known, so that nothing is missed in it."""
    start = Span(source, 0, 0)
    return tree.File(start, (tree.Broken(start),), ())


def _lex(source: Source, text: str, diagnostics: list[Diagnostic]) -> list[Token]:
    text += "\n"
    while True:
        try:
            return _tokens(text)
        except UnexpectedCharacters as error:
            offset = error.pos_in_stream or 0
            if len(diagnostics) >= limits.SYNTAX_ERRORS:
                return _tokens("\n")
            if any(diagnostic.span.start == offset for diagnostic in diagnostics):
                replacement = " "  # it was reported, and what it looks like does not fit either
            else:
                diagnostic, replacement = characters.out_of_place(source, offset)
                same_line = (d for d in diagnostics if d.span.shares_line(diagnostic.span))
                if diagnostic.fixes or all(d.fixes for d in same_line):  # else it was broken before
                    diagnostics.append(diagnostic)
            text = text[:offset] + replacement + text[offset + len(replacement) :]


def _tokens(text: str) -> list[Token]:
    parser = _lark().parse_interactive(text)
    tokens = list(parser.lexer_thread.lex(parser.parser_state))  # type: ignore[no-untyped-call]
    for before, token in itertools.pairwise(tokens):
        if before.type == "COLON" and token == BYTES:
            token.type = "BYTES"
    return tokens


def _parse_tokens(
    source: Source,
    tokens: list[Token],
    comments: tuple[tree.Comment, ...],
    diagnostics: list[Diagnostic],
) -> tree.File:
    unreadable = [diagnostic.span for diagnostic in diagnostics]
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
            if len(diagnostics) >= limits.SYNTAX_ERRORS:
                return _nothing(source)
            tokens = mistake.tokens
    return _nothing(source)
