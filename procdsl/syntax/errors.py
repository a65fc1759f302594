"""What a syntax error means, and how to mend it."""

from __future__ import annotations

from lark import Token

from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from procdsl.diagnostics.suggest import nearest
from procdsl.source import Source, Span
from procdsl.syntax.literals import nearest_number
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
    if at.kind in {*PARTS, "$END"} and in_block and at.at_statement():
        return _open_brace(at)
    if at.kind == "RBRACE" and not in_block:
        return _drop(at, "E106", "this brace closes nothing", "a block that is open")
    if at.kind in {"RBRACE", "$END"} and at.after_documentation():
        return _stray_documentation(at)
    if at.before == "NUMBER" and at.touches() and at.kind in {"NAME", "DOT", "NUMBER"}:
        return _malformed_number(at, at.index - 1)
    if at.kind == "DOT" and "NUMBER" in at.accepted:
        return _malformed_number(at, at.index)
    if at.kind == "DOT" and "LPAR" in at.accepted and (name := at.dotted_call()):
        return _dotted_call(at, name)
    if at.kind in WORDS and "NAME" in at.accepted:
        return _reserved(at)
    if at.before == "EQUAL" and at.kind in {"COMMA", "RPAR", "_NL", "$END"}:
        return _no_value(at)
    if in_parentheses and at.new_step_begins():
        return _open_parenthesis(at, at.line_start() - 1)
    if in_parentheses and "COMMA" in at.accepted and starts_value:
        return _no_comma(at)
    if in_parentheses and at.kind in {"_NL", "$END", *PARTS, "RBRACE"}:
        return _open_parenthesis(at, at.index)
    if at.accepted == {"_NL"} and at.kind in {"NAME", "RBRACE", *WORDS}:
        return _no_line_break(at)
    begins = at.kind == "NAME" and at.kind_at(at.index + 1) in {"LPAR", "EQUAL"}
    if begins and not in_block and at.at_statement():
        return _step_outside(at)
    return _unexpected(at)


def _open_brace(at: Place) -> Mistake:
    first = at.index
    while first >= 2 and at.tokens[first - 2].type == "DOC":
        first -= 2
    line_break = at.tokens[first - 1]
    opening = max(i for i, token in enumerate(at.tokens[:first]) if token.type == "LBRACE")
    block = at.tokens[opening - 1]
    end = at.span(line_break).start
    place = Span(at.source, end, end)
    diagnostic = Diagnostic(
        "E105",
        at.span(at.tokens[opening]),
        f"the block `{block}` is not closed",
        found=at.found() + " inside the block",
        wanted="`}` on a line of its own",
        fixes=(Fix("close the block with `}`", (Edit(place, "\n}"),)),),
    )
    brace = Token.new_borrow_pos("RBRACE", "}", line_break)
    tokens = [*at.tokens[:first], brace, line_break, *at.tokens[first:]]
    return at.mistake(diagnostic, tokens)


def _drop(at: Place, code: str, message: str, wanted: str) -> Mistake:
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
        fixes=(Fix("remove it", (Edit(span, ""),)),),
    )
    return at.mistake(diagnostic, at.tokens[: at.index] + at.tokens[end:])


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
    mended = nearest_number(span.text)
    return at.breaks(
        Diagnostic(
            "E116",
            span,
            "this is not a number",
            found=f"`{span.text}`",
            wanted="digits, on both sides of a point: `0.5`, `224`, `1e-3`, `1/255`",
            fixes=(Fix(f"write `{mended}`", (Edit(span, mended),)),),
        )
    )


def _dotted_call(at: Place, name: int) -> Mistake:
    """An op as a library has it, `transforms.Resize(...)`: read on with the name at `name`."""
    first, last = at.tokens[at.index - 1], at.tokens[name]
    place = Span(at.source, at.span(first).start, at.span(last).start)
    diagnostic = Diagnostic(
        "E100",
        at.here(),
        f"{at.found()} does not fit here",
        found=f"`{shorten(place.text)}` before the name of an op",
        wanted="the name of an op alone",
        fixes=(Fix(f"write `{last}`", (Edit(place, ""),)),),
    )
    return at.mistake(diagnostic, at.tokens[: at.index - 1] + at.tokens[name:])


def _reserved(at: Place) -> Mistake:
    word = at.tokens[at.index]
    same = [
        at.span(token)
        for i, token in enumerate(at.tokens)
        if token.type == word.type
        and (at.kind_at(i - 1) != "_NL" or at.kind_at(i + 1) in {"EQUAL", "LPAR", "COMMA"})
    ]
    return at.breaks(
        Diagnostic(
            "E113",
            at.here(),
            f"`{word}` is a word of the language",
            found=f"`{word}` as a name",
            wanted="a name that is not one of " + ", ".join(WORDS.values()),
            fixes=(Fix(f"write `{word}_`", tuple(Edit(span, f"{word}_") for span in same)),),
        )
    )


def _no_value(at: Place) -> Mistake:
    name = at.tokens[at.index - 2]
    start, end = name.start_pos or 0, at.tokens[at.index - 1].end_pos or 0
    gap = end
    if at.kind == "COMMA":
        gap = at.tokens[at.index + 1].start_pos or end
    return at.breaks(
        Diagnostic(
            "E104",
            Span(at.source, start, end),
            f"`{name}` has no value",
            found=f"{at.found()} after `=`",
            wanted="a number, a string, a name, or values in parentheses",
            fixes=(
                Fix("give it a value, or leave it out", (Edit(Span(at.source, start, gap), ""),)),
            ),
        )
    )


def _no_comma(at: Place) -> Mistake:
    end = at.tokens[at.index - 1].end_pos or 0
    return at.breaks(
        Diagnostic(
            "E103",
            at.here(),
            "a comma is missing",
            found=at.found(),
            wanted="`,` between values",
            fixes=(Fix("put `,` before it", (Edit(Span(at.source, end, end), ","),)),),
        )
    )


def _open_parenthesis(at: Place, newline: int) -> Mistake:
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
    diagnostic = Diagnostic(
        "E102",
        at.span(at.tokens[opening]),
        "this parenthesis is not closed",
        found=at.found(),
        wanted="`,` or `)`",
        fixes=(Fix("close it with `)`", (Edit(Span(at.source, stop, comma), ")"),)),),
    )
    return at.breaks(diagnostic, newline)


def _step_outside(at: Place) -> Mistake:
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
            fixes=(Fix("remove it", (Edit(at.span(brace), ""),)),),
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
            fixes=(Fix("move it into a block, or remove it", (Edit(at.line(), ""),)),),
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
        fixes=(Fix("put it on a line of its own", (Edit(Span(at.source, end, end), "\n"),)),),
    )
    line_break = Token.new_borrow_pos("_NL", "\n", at.tokens[at.index])
    tokens = [*at.tokens[: at.index], line_break, *at.tokens[at.index :]]
    return at.mistake(diagnostic, tokens)


def _unexpected(at: Place) -> Mistake:
    expected = sorted(SAID[kind] for kind in at.accepted if kind in SAID)
    if set(PARTS) <= at.accepted:
        expected = ["one of " + ", ".join(PARTS.values())]
    span = at.here()
    hint, edit, more = "remove it", Edit(span, ""), list[Edit]()
    if at.kind in {"_NL", "$END"}:
        hint, edit = "finish or remove this line", Edit(at.line(), "")
    elif at.source.text.startswith("//", span.start):
        hint, edit = "write `#`", Edit(Span(at.source, span.start, span.start + 2), "#")
    elif at.kind == "COLON" and "EQUAL" in at.accepted:
        hint, edit = "write `=`", Edit(span, "=")
    elif at.kind == "LSQB" and "LPAR" in at.accepted and (close := at.closing("LSQB", "RSQB")):
        hint, edit, more = "write `( )` for `[ ]`", Edit(span, "("), [Edit(close, ")")]
    elif at.kind == "NUMBER" and (named := at.named_axes())[1]:
        type_, (edit, *more) = named
        batch = "; the batch is no axis, `preprocess_batch` makes it" * (edit.text == "")
        hint = f"axes have names: write `{shorten(type_)}`{batch}"
    elif at.kind == "NAME" and at.before == "NAME" and "COMMA" in at.accepted:
        end = at.tokens[at.index - 1].end_pos or 0
        hint, edit = "put `,` before it", Edit(Span(at.source, end, end), ",")
    elif (
        at.kind == "COMMA"
        and at.kind_at(begin := at.statement()[0]) in {"LET", "PARAM"}
        and (at.kind_at(begin + 2) == "EQUAL" and at.index > begin + 3)
    ):
        start, stop = (at.tokens[i] for i in (begin + 3, at.statement()[1] - 1))
        first, last = at.span(start).start, at.span(stop).end
        hint, edit = "put the values in `( )`", Edit(Span(at.source, first, first), "(")
        more = [Edit(Span(at.source, last, last), ")")]
    elif at.kind == "NAME" and at.before == "NUMBER" and "RSQB" in at.accepted:
        end = at.tokens[at.index - 1].end_pos or 0
        hint, edit = "put `]` before it", Edit(Span(at.source, end, end), "]")
    elif at.kind == "NAME":
        words = {word for kind, word in WORDS.items() if kind in at.accepted}
        near = nearest(str(at.tokens[at.index]), words)
        if near:
            hint, edit = f"write `{near}`", Edit(span, near)
    return at.breaks(
        Diagnostic(
            "E100",
            span,
            f"{at.found()} does not fit here",
            found=at.found(),
            wanted=" or ".join(expected) or "nothing",
            fixes=(Fix(hint, (edit, *more)),),
        )
    )
