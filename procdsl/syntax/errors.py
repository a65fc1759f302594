"""What a syntax error means, and how to mend it."""

from __future__ import annotations

import itertools

from lark import Token

from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from procdsl.diagnostics.suggest import nearest
from procdsl.source import Source, Span
from procdsl.syntax import bare_sizes, brackets
from procdsl.syntax.literals import number_meant
from procdsl.syntax.tokens import PARTS, SAID, WORDS, Mistake, Place, stray_documentation
from procdsl.types.constants import shorten


def explain(source: Source, tokens: list[Token], index: int, accepted: set[str]) -> Mistake:
    """The token at `index` (past the last one: the file's end) is not among those accepted."""
    return _classified(Place(source, tokens, index, accepted))


def _classified(at: Place) -> Mistake:
    in_block = at.depth("LBRACE", "RBRACE", 0) > 0
    in_parentheses = at.depth("LPAR", "RPAR", at.statement()[0]) > 0
    starts_value = at.kind in {"NAME", "NUMBER", "STRING", "LPAR"}
    if at.kind in WORDS and at.kind_at(at.index + 1) in {"EQUAL", "LPAR", "COMMA"}:
        return _reserved(at)
    if "ALLOW" in {at.before, at.kind_at(at.index - 2)}:
        return _allowance(at)
    branch = at.kind in {"TRAIN", "SERVE"} and at.kind_at(at.index + 1) == "LBRACE"
    if branch and at.at_statement() and at.block() in {"TRAIN", "SERVE"}:
        return brackets.open_brace(at)
    if at.kind in {*PARTS, "$END"} and in_block and at.at_statement():
        return brackets.open_brace(at)
    if at.kind == "RBRACE" and not in_block:
        return brackets.drop(at, "E106", "this brace closes nothing", "a block that is open")
    if at.kind in {"RBRACE", "$END"} and at.after_documentation():
        return _stray_documentation(at)
    if at.before == "NUMBER" and at.touches() and at.kind in {"NAME", "DOT", "NUMBER"}:
        return _malformed_number(at, at.index - 1)
    if at.kind == "DOT" and "NUMBER" in at.accepted:
        return _malformed_number(at, at.index)
    if at.kind in WORDS and "NAME" in at.accepted and not branch:
        return _reserved(at)
    if at.before == "EQUAL" and at.kind in {"COMMA", "RPAR", "_NL", "$END"}:
        return _no_value(at)
    if in_parentheses and at.new_step_begins():
        return brackets.open_parenthesis(at, at.line_start() - 1)
    if in_parentheses and "COMMA" in at.accepted and starts_value:
        return brackets.no_comma(at)
    inside = at.kind == "RBRACE" and at.kind_at(at.index + 1) != "_NL"
    if in_parentheses and at.kind in {"_NL", "$END", *PARTS, "RBRACE"} and not inside:
        return brackets.open_parenthesis(at, at.index)
    if at.accepted in ({"_NL"}, {"_NL", "ALLOW"}) and at.kind in {"NAME", "RBRACE", *WORDS}:
        return _no_line_break(at)
    begins = at.kind == "NAME" and at.kind_at(at.index + 1) in {"LPAR", "EQUAL"}
    if begins and not in_block and at.at_statement():
        return brackets.step_outside(at)
    return _unexpected(at)


def _stray_documentation(at: Place) -> Mistake:
    token = at.tokens[at.index - 2]
    kept = at.tokens[: at.index - 2] + at.tokens[at.index :]
    return at.mistake(stray_documentation(at.span(token)), kept)


def _malformed_number(at: Place, first: int) -> Mistake:
    start = at.tokens[first].start_pos
    end = at.index
    while end < len(at.tokens) and at.tokens[end].type in {"NAME", "DOT", "NUMBER"}:
        if end > first and at.tokens[end].start_pos != at.tokens[end - 1].end_pos:
            break
        end += 1
    stop = at.tokens[end - 1].end_pos
    span = Span(at.source, start or 0, stop or 0)
    apart = end == len(at.tokens) or at.tokens[end].start_pos != stop
    meant = number_meant(span.text) if apart or at.kind_at(end) in {"COMMA", "RPAR", "_NL"} else ""
    return at.breaks(
        Diagnostic(
            "E116",
            span,
            "this is not a number",
            found=f"`{span.text}`",
            wanted="digits, on both sides of a point: `0.5`, `224`, `1e-3`, `1/255`",
            help="" if meant else "write the number that is meant",
            fixes=(Fix.only(f"write `{meant}`", Edit(span, meant)),) if meant else (),
        )
    )


def _allowance(at: Place) -> Mistake:
    """`allow` without a code, or without a text behind it."""
    code = "E321" if at.before == "ALLOW" else at.tokens[at.index - 1]
    return at.breaks(
        Diagnostic(
            "E223",
            at.here(),
            "an allowance that is not whole",
            found=at.found(),
            wanted="the code of a guard, and behind it the reason as a text",
            help=f'write `allow {code} "..."`, with the reason for the next reader',
        )
    )


def _reserved(at: Place) -> Mistake:
    word = at.tokens[at.index]
    places = [
        at.span(token)
        for i, token in enumerate(at.tokens)
        if token.type == word.type and not at.is_word(i)
    ]
    is_argument = at.depth("LPAR", "RPAR", at.statement()[0]) > 0 and at.before != "EQUAL"
    rename = Fix.only(f"write `{word}_`", *(Edit(span, f"{word}_") for span in places))
    return at.breaks(
        Diagnostic(
            "E113",
            at.here(),
            f"`{word}` is a word of the language",
            found=f"`{word}` as a name",
            wanted="a name that is not one of " + ", ".join(WORDS.values()),
            help="no argument is called so: `procdsl explain` tells what an op takes"
            if is_argument
            else "",
            fixes=(rename,) if places and not is_argument else (),
        )
    )


def _no_value(at: Place) -> Mistake:
    name = at.tokens[at.index - 2]
    start, end = name.start_pos or 0, at.tokens[at.index - 1].end_pos or 0
    return at.breaks(
        Diagnostic(
            "E104",
            Span(at.source, start, end),
            f"`{name}` has no value",
            found=f"{at.found()} after `=`",
            wanted="a number, a string, a name, or values in parentheses",
            help=f"give `{name}` a value, or leave it out",
        )
    )


def _no_line_break(at: Place) -> Mistake:
    end = at.tokens[at.index - 1].end_pos or 0
    diagnostic = Diagnostic(
        "E117",
        at.here(),
        "a line break is missing",
        found=f"{at.found()} on the same line",
        wanted="one statement a line",
        fixes=(Fix.only("put it on a line of its own", Edit(Span(at.source, end, end), "\n")),),
    )
    line_break = Token.new_borrow_pos("_NL", "\n", at.tokens[at.index])
    tokens = [*at.tokens[: at.index], line_break, *at.tokens[at.index :]]
    return at.mistake(diagnostic, tokens)


def _unexpected(at: Place) -> Mistake:
    expected = sorted(SAID[kind] for kind in at.accepted if kind in SAID)
    if set(PARTS) <= at.accepted:
        expected = ["one of " + ", ".join(PARTS.values())]
    fix, help = _meant(at)
    return at.breaks(
        Diagnostic(
            "E100",
            at.here(),
            f"{at.found()} does not fit here",
            found=at.found(),
            wanted=" or ".join(expected) or "nothing",
            help="" if fix else help,
            fixes=(fix,) if fix else (),
        )
    )


def _meant(at: Place) -> tuple[Fix | None, str]:
    """What the token that does not fit must have meant; or what helps, in words."""
    span, end = at.here(), at.tokens[at.index - 1].end_pos or 0 if at.index else 0
    before = Span(at.source, end, end)
    if at.kind in {"_NL", "$END"}:
        return None, "finish this line, or leave it out"
    if at.source.text.startswith("//", span.start):
        sign = Span(at.source, span.start, span.start + 2)
        return Fix.only("write `#`", Edit(sign, "#")), ""
    if at.kind == "COLON" and "EQUAL" in at.accepted:
        return Fix.only("write `=`", Edit(span, "=")), ""
    if at.kind == "LSQB" and "LPAR" in at.accepted and (close := at.closing("LSQB", "RSQB")):
        return Fix.only("write `( )` for `[ ]`", Edit(span, "("), Edit(close, ")")), ""
    if at.kind == "NUMBER" and (type_ := bare_sizes.named(at))[0]:
        batch = "; the batch is no axis, `preprocess_batch` makes it" * type_[1]
        return None, f"name each axis, as in `{shorten(type_[0])}`{batch}"
    begin = at.statement()[0]
    names = at.kind == at.before == "NAME" and at.kind_at(begin) == "OUTPUT"
    if names or (at.kind == "NAME" and at.before == "NUMBER" and at.closes("RSQB", "LSQB")):
        return Fix.only("put `,` before it", Edit(before, ",")), ""
    defines = at.kind_at(begin) in {"LET", "PARAM"} and at.kind_at(begin + 2) == "EQUAL"
    kinds = [token.type for token in at.tokens[begin + 3 : at.statement()[1]]]
    listed = ("COMMA", "COMMA") not in itertools.pairwise(kinds) and kinds[-1:] != ["COMMA"]
    if at.kind == "COMMA" and defines and at.index > begin + 3 and listed:
        first, last = (at.span(at.tokens[i]) for i in (begin + 3, at.statement()[1] - 1))
        start, stop = (Span(at.source, i, i) for i in (first.start, last.end))
        return Fix.only("put the values in `( )`", Edit(start, "("), Edit(stop, ")")), ""
    if at.kind == "NAME" and at.before == "NUMBER" and "RSQB" in at.accepted:
        return Fix.only("put `]` before it", Edit(before, "]")), ""
    if at.kind == "NAME" and at.kind_at(at.index + 1) in {"NAME", "NUMBER", "STRING", "LBRACE"}:
        words = {word for kind, word in WORDS.items() if kind in at.accepted}
        near = nearest(str(at.tokens[at.index]), words)
        return (Fix.only(f"write `{near}`", Edit(span, near)) if near else None), _LEAVE_OUT
    return None, _LEAVE_OUT


_LEAVE_OUT = "write what is wanted, or leave it out"
