"""Numbers, strings and names that are shaped right and still cannot be read."""

from __future__ import annotations

import json
import re
from fractions import Fraction

from lark import Token

from procdsl import limits
from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from procdsl.source import Source, Span
from procdsl.syntax.tokens import span_of
from procdsl.types.constants import shorten

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def number(text: str) -> int | float:
    """`224` is a whole number, `224.0` and `2e2` are not."""
    return int(text) if text.lstrip("-").isdigit() else float(text)


def number_meant(text: str) -> str:
    """The number that a text like `.5` or `0x10` is elsewhere, as this language has it.

    Behind a point at the end a digit may be missing.
    """
    if text.endswith("."):
        return ""
    for read in (lambda: int(text, 0), lambda: float(text)):
        try:
            found = str(read())
        except ValueError:
            continue
        if _NUMBER.fullmatch(found):
            return found
    return ""


def string(text: str) -> str:
    """A string's value; the escapes are JSON's."""
    if "\\" not in text:
        return text[1:-1]
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
        return _diagnostic(
            "E111",
            span_of(source, tokens[i]),
            "this number is longer than procdsl reads",
            f"`{text[:20]}...`" if len(text) > 23 else f"`{text}`",
            f"at most {limits.NUMBER_CHARACTERS} characters and an exponent within "
            f"{limits.NUMBER_EXPONENT}",
            help="write as many digits as float32 holds, 9, or as a float64 does, 17",
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
                help="write the fraction that is meant: `1/255` divides by 255",
            )
    return None


def _quotient(above: str, below: str) -> str:
    """The same fraction in whole numbers; nothing where there is none that is read."""
    if not float(below):
        return ""
    exact = Fraction(above) / Fraction(below)
    longest = max(len(str(exact.numerator)), len(str(exact.denominator)))
    return "" if longest > limits.NUMBER_CHARACTERS else f"{exact.numerator}/{exact.denominator}"


def _string_fault(source: Source, tokens: list[Token], i: int) -> Diagnostic | None:
    try:
        string(str(tokens[i]))
    except ValueError:
        return _diagnostic(
            "E118",
            span_of(source, tokens[i]),
            "this string has an escape that means nothing",
            shorten(str(tokens[i])),
            'one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX',
            help="write `\\\\` for a backslash, or the escape that is meant",
        )
    return None


def _name_fault(source: Source, tokens: list[Token], i: int) -> Diagnostic | None:
    name = str(tokens[i])
    if len(name) <= limits.NAME_CHARACTERS:
        return None
    return _diagnostic(
        "E111",
        span_of(source, tokens[i]),
        "this name is longer than procdsl reads",
        f"a name of {len(name)} characters",
        f"at most {limits.NAME_CHARACTERS}",
        help="write a shorter one wherever it stands",
    )


def _diagnostic(
    code: str, span: Span, message: str, found: str, wanted: str, meant: str = "", help: str = ""
) -> Diagnostic:
    """A fault, with what was meant, or else what helps."""
    fixes = (Fix.only(f"write `{meant}`", Edit(span, meant)),) if meant else ()
    return Diagnostic(code, span, message, found, wanted, "" if meant else help, fixes)


_FAULTS = {"NUMBER": _number_fault, "STRING": _string_fault, "NAME": _name_fault}
