"""Numbers, strings and names that are shaped right and still cannot be read."""

from __future__ import annotations

import json
from fractions import Fraction

from lark import Token

from procdsl import limits
from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from procdsl.source import Source, Span
from procdsl.syntax.tokens import span_of


def number(text: str) -> int | float:
    """`224` is a whole number, `224.0` and `2e2` are not."""
    return int(text) if text.lstrip("-").isdigit() else float(text)


def nearest_number(text: str) -> str:
    """The number that a text like `5.` or `0x10` may have meant, as it is written; or 0."""
    for read in (lambda: int(text, 0), lambda: float(text)):
        try:
            return str(read())
        except ValueError:
            pass
    return "0"


def string(text: str) -> str:
    """A string's value; the escapes are JSON's."""
    value: str = json.loads(text, strict=False)
    value.encode()  # a lone surrogate is not text
    return value


def unreadable(source: Source, tokens: list[Token]) -> tuple[list[Diagnostic], list[Token]]:
    """What cannot be read, and the tokens with something harmless in its place."""
    diagnostics = []
    readable = list(tokens)
    for i, token in enumerate(tokens):
        found = _FAULTS.get(token.type, _no_fault)(source, tokens, i)
        if found:
            diagnostics.append(found)
            readable[i] = _harmless(token)
            if _is_denominator(tokens, i):
                readable[i - 2] = _harmless(tokens[i - 2])
                if found.code == "E116":
                    readable[i] = token.update(value=str(max(1, round(float(token)))))
    return diagnostics, readable


def _harmless(token: Token) -> Token:
    return token.update(value={"NUMBER": "1", "STRING": '""'}.get(token.type, str(token)))


def _is_denominator(tokens: list[Token], i: int) -> bool:
    return i >= 2 and tokens[i - 1].type == "SLASH" and tokens[i - 2].type == "NUMBER"


def _no_fault(source: Source, tokens: list[Token], i: int) -> None:
    return None


def _number_fault(source: Source, tokens: list[Token], i: int) -> Diagnostic | None:
    text = str(tokens[i])
    exponent = text.lower().partition("e")[2]
    if len(text) > limits.NUMBER_CHARACTERS or abs(int(exponent or 0)) > limits.NUMBER_EXPONENT:
        shorter = text[: limits.NUMBER_CHARACTERS] if not exponent else "0"
        return _diagnostic(
            "E111",
            span_of(source, tokens[i]),
            "this number is longer than procdsl reads",
            f"`{text[:20]}...`" if len(text) > 23 else f"`{text}`",
            f"at most {limits.NUMBER_CHARACTERS} characters and an exponent within "
            f"{limits.NUMBER_EXPONENT}",
            shorter,
        )
    if _is_denominator(tokens, i):
        above = str(tokens[i - 2])
        if not (above.lstrip("-").isdigit() and text.isdigit() and int(text) > 0):
            start, end = tokens[i - 2].start_pos or 0, tokens[i].end_pos or 0
            return _diagnostic(
                "E116",
                Span(source, start, end),
                "this is not a fraction",
                f"`{above}/{text}`",
                "a whole number over a positive whole number, like `1/255`, or a decimal",
                _quotient(above, text),
            )
    return None


def _quotient(above: str, below: str) -> str:
    """What a division means: the same fraction of whole numbers, or a decimal."""
    if not float(below):
        return "1/255"
    exact = Fraction(above) / Fraction(below)
    small = exact > 0 and exact.denominator < 10**6
    return f"{exact.numerator}/{exact.denominator}" if small else f"{float(exact):.15g}"


def _string_fault(source: Source, tokens: list[Token], i: int) -> Diagnostic | None:
    try:
        string(str(tokens[i]))
    except ValueError:
        return _diagnostic(
            "E118",
            span_of(source, tokens[i]),
            "this string has an escape that means nothing",
            f"{tokens[i]}",
            'one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX',
            str(tokens[i]).replace("\\", "\\\\").replace('\\\\"', '\\"')[:-1].rstrip("\\") + '"',
        )
    return None


def _name_fault(source: Source, tokens: list[Token], i: int) -> Diagnostic | None:
    name = str(tokens[i])
    if len(name) <= limits.NAME_CHARACTERS:
        return None
    short = name[: limits.NAME_CHARACTERS]
    same = (token for token in tokens if token.type == "NAME" and token == name)
    return Diagnostic(
        "E111",
        span_of(source, tokens[i]),
        "this name is longer than procdsl reads",
        f"a name of {len(name)} characters",
        f"at most {limits.NAME_CHARACTERS}",
        fixes=(Fix(f"write `{short}`", tuple(Edit(span_of(source, t), short) for t in same)),),
    )


def _diagnostic(
    code: str, span: Span, message: str, found: str, wanted: str, mended: str
) -> Diagnostic:
    return Diagnostic(
        code, span, message, found, wanted, fixes=(Fix(f"write `{mended}`", (Edit(span, mended),)),)
    )


_FAULTS = {"NUMBER": _number_fault, "STRING": _string_fault, "NAME": _name_fault}
