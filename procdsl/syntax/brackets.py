"""Parentheses, braces and commas that are missing, or too many."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from lark import Token

from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from procdsl.source import Span
from procdsl.syntax.tokens import Mistake, Place


def open_brace(at: Place) -> Mistake:
    first = at.index
    while first >= 2 and at.tokens[first - 2].type == "DOC":
        first -= 2
    line_break = at.tokens[first - 1]
    opening = max(i for i, token in enumerate(at.tokens[:first]) if token.type == "LBRACE")
    block = at.tokens[opening - 1]
    end = at.span(line_break).start
    nested = at.depth("LBRACE", "RBRACE", 0) > 1
    close = Fix.only("close the block with `}`", Edit(Span(at.source, end, end), "\n}"))
    diagnostic = Diagnostic(
        "E105",
        at.span(at.tokens[opening]),
        f"the block `{block}` is not closed",
        found=at.found() + " inside the block",
        wanted="`}` on a line of its own",
        help=f"close `{block}` with `}}` behind its last step" if nested else "",
        fixes=() if nested else (close,),
    )
    brace = Token.new_borrow_pos("RBRACE", "}", line_break)
    tokens = [*at.tokens[:first], brace, line_break, *at.tokens[first:]]
    return at.mistake(diagnostic, tokens)


def drop(at: Place, code: str, message: str, wanted: str) -> Mistake:
    """The token at the error is too many: drop it and the line break after it."""
    span = at.here()
    end = at.index + 1
    if end < len(at.tokens) and at.before == "_NL" and at.tokens[end].type == "_NL":
        end += 1
    diagnostic = Diagnostic(
        code,
        span,
        message,
        found=at.found(),
        wanted=wanted,
        fixes=(Fix.only("remove it", Edit(span, "")),),
    )
    return at.mistake(diagnostic, at.tokens[: at.index] + at.tokens[end:])


def no_comma(at: Place) -> Mistake:
    """A value behind another one: with a comma between them, where they cannot be one."""
    start, end = at.statement()
    gaps = [index for index in range(start + 1, end) if at.parts_values(index)]
    plain = {token.type for token in at.tokens[start:end]} <= _CALL
    gaps = gaps if at.index in gaps and plain else []
    return at.breaks(_missing_comma(at, gaps, at.here(), at.found()))


_CALL = {"NAME", "NUMBER", "STRING", "LPAR", "RPAR", "COMMA", "EQUAL", "DOT", "SLASH", "_NL"}
_CALL |= {"LET", "PARAM"}
"""What a call, or a constant, is made of."""


def _missing_comma(at: Place, gaps: Sequence[int], place: Span, found: str) -> Diagnostic:
    """Commas are missing before the tokens at these indices; it is open where, if there is none."""
    ends = [at.tokens[index - 1].end_pos or 0 for index in gaps]
    commas = (Edit(Span(at.source, end, end), ",") for end in ends)
    return Diagnostic(
        "E103",
        place,
        "a comma is missing",
        found=found,
        wanted="`,` between values",
        help="" if gaps else "put `,` between two values, or write the one value that is meant",
        fixes=(Fix.only("put `,` before it", *commas),) if gaps else (),
    )


def open_parenthesis(at: Place, newline: int) -> Mistake:
    end = at.line_end(newline + 1)
    following = [token.type for token in at.tokens[newline:end]]
    closed = following.count("RPAR") > following.count("LPAR")
    if closed and at.kind_at(newline) == "_NL" and newline + 1 < len(at.tokens):
        place = at.span(at.tokens[newline + 1])
        return at.breaks(_missing_comma(at, [newline], place, f"`{place.text}`"), end)
    start = at.statement()[0]
    depth, opening = 0, start
    for i in range(newline - 1, start - 1, -1):
        depth += {"RPAR": 1, "LPAR": -1}.get(at.tokens[i].type, 0)
        if depth < 0:
            opening = i
            break
    last = newline - 1
    while at.tokens[last].type in {"COMMA", "_NL"}:
        last -= 1
    stop = at.tokens[last].end_pos or 0
    comma = at.tokens[newline - 1].end_pos or stop
    kinds = [token.type for token in at.tokens[start:newline]]
    nested = kinds.count("LPAR") - kinds.count("RPAR") > 1
    nested |= ("LPAR", "LPAR") in itertools.pairwise(kinds)  # one of the two may be too many
    close = Fix.only("close it with `)`", Edit(Span(at.source, stop, comma), ")"))
    diagnostic = Diagnostic(
        "E102",
        at.span(at.tokens[opening]),
        "this parenthesis is not closed",
        found=at.found(),
        wanted="`,` or `)`",
        help="close each parenthesis with `)` where its values end" if nested else "",
        fixes=() if nested else (close,),
    )
    return at.breaks(diagnostic, newline)


def step_outside(at: Place) -> Mistake:
    """A step at the top of the file: a block was closed too early, or there is none."""
    kinds = [token.type for token in at.tokens]
    previous = at.kind_at(at.index - 2)
    if previous == "RBRACE" and kinds.count("RBRACE") > kinds.count("LBRACE"):
        brace = at.tokens[at.index - 2]
        diagnostic = Diagnostic(
            "E106",
            at.span(brace),
            "this brace closes its block too early",
            found="`}` before more steps",
            wanted="`}` after the last step",
            fixes=(Fix.only("remove it", Edit(at.span(brace), "")),),
        )
        kept = at.tokens[: at.index - 2] + at.tokens[at.index :]
        return at.mistake(diagnostic, kept)
    return at.breaks(
        Diagnostic(
            "E119",
            at.line(),
            "a step outside `pre` and `post`",
            found=f"the step {at.found()}",
            wanted="steps between the braces of `pre { }` or `post { }`",
            help="move it between the braces of the block that it is a step of",
        )
    )
