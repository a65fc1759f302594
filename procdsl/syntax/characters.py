"""Characters that have no place in a `.proc` file, found before anything is parsed.

Outside strings and comments the language is ASCII. Control characters, and the invisible ones that
reorder text on the screen, are refused everywhere: a reviewer must see what the compiler reads.
"""

from __future__ import annotations

import re

from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from procdsl.source import Source, Span
from procdsl.types.constants import shorten

# C0 and C1 controls but tab and line break, the soft hyphen, zero-width and bidirectional
# controls, line and paragraph separators, the byte order mark, unpaired surrogates.
_HIDDEN = re.compile(
    r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)

# What is typed, pasted or autocorrected in place of an ASCII character.
_LOOK_ALIKES = {
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " "),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—−﹣－", "-"),
    **dict.fromkeys("⁄∕", "/"),
    "→": "->",
    "，": ",",
    "、": ",",
    **dict(zip("АВСЕНІЈКМОРЅТХаеорсухіјѕԁһ", "ABCEHIJKMOPSTXaeopcyxijsdh", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοια", "ABEZHIKMNOPTYXoia", strict=True)),
}


def ascii_for(character: str) -> str:
    """The ASCII text that looks like a character, or nothing."""
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    import unicodedata

    plain = unicodedata.normalize("NFKC", character)  # full-width letters, signs and digits
    return plain if plain.isascii() else ""


def describe(character: str) -> str:
    """`U+0430 CYRILLIC SMALL LETTER A`."""
    import unicodedata

    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()


def hidden(source: Source) -> tuple[list[Diagnostic], str]:
    """The control and invisible characters, and the text with a blank for each of them."""
    if "\r" in source.text and "\n" not in source.text.rstrip("\n"):
        return _old_line_breaks(source)
    found = [_hidden(source, match) for match in _HIDDEN.finditer(source.text)]
    return found, _HIDDEN.sub(" ", source.text)


def _hidden(source: Source, match: re.Match[str]) -> Diagnostic:
    span = Span(source, match.start(), match.end())
    inside = _in_string(source, match.start())
    return Diagnostic(
        code="E108",
        span=span,
        message="a control or invisible character",
        found=describe(match.group()),
        wanted="characters that a reader can see",
        help="leave it out, or write it as an escape, such as `\\u200b`" if inside else "",
        fixes=() if inside else (Fix.only("remove it", Edit(span, "")),),
    )


def _in_string(source: Source, offset: int) -> bool:
    """Whether a string is open before this place on its line."""
    before = source.text[source.line_start(offset) : offset]
    strings = re.sub(r'"(?:[^"\\]|\\.)*"', "", before)
    return '"' in strings.partition("#")[0]


def _old_line_breaks(source: Source) -> tuple[list[Diagnostic], str]:
    """One report on a file whose lines end in CR alone, and its text with ends that are read."""
    breaks = [i for i, character in enumerate(source.text) if character == "\r"]
    edits = (Edit(Span(source, i, i + 1), "\n") for i in breaks)
    diagnostic = Diagnostic(
        code="E108",
        span=Span(source, breaks[0], breaks[0] + 1),
        message="the lines end in CR alone",
        found=f"{len(breaks)} line breaks of U+000D",
        wanted="lines that end in LF, or in CR LF",
        fixes=(Fix.only("save the file with line breaks of Unix or Windows", *edits),),
    )
    return [diagnostic], source.text.replace("\r", "\n")


def out_of_place(source: Source, offset: int) -> tuple[Diagnostic, str]:
    """A character that no token begins with, and what to read in its place, as long as it."""
    character = source.text[offset]
    span = Span(source, offset, offset + 1)
    if character == '"':
        open_string = _open_string(source, offset)
        return open_string, " " * (open_string.span.end - offset)
    if source.text[offset - 1 : offset + 1] == "=>":
        return _instead(Span(source, offset - 1, offset + 1), "->"), " "
    if character.isascii():
        line_end = source.text[offset + 1 :].partition("\n")[0].strip()
        ends = character == ";" and (not line_end or line_end.startswith("#"))
        return (
            Diagnostic(
                code="E100",
                span=span,
                message=f"`{character}` has no meaning here",
                found=f"`{character}`",
                wanted="a name, a number, a string in double quotes, or one of ( ) [ ] { } , = : @",
                help="" if ends else "write what is meant, or leave it out",
                fixes=(Fix.only("remove it", Edit(span, "")),) if ends else (),
            ),
            " ",
        )
    plain = ascii_for(character)
    return (
        Diagnostic(
            code="E109",
            span=span,
            message="a character outside ASCII" + (f" that looks like `{plain}`" if plain else ""),
            found=describe(character),
            wanted="ASCII, except in strings and comments",
            help="" if plain else "write what is meant in ASCII, or leave it out",
            fixes=(Fix.only(f"write `{plain}`", Edit(span, plain)),) if plain else (),
        ),
        plain if len(plain) == 1 else " ",
    )


def _instead(span: Span, meant: str) -> Diagnostic:
    """What other languages write, and what this one does."""
    return Diagnostic(
        code="E100",
        span=span,
        message=f"`{span.text}` has no meaning here",
        found=f"`{span.text}`",
        wanted=f"`{meant}`",
        fixes=(Fix.only(f"write `{meant}`", Edit(span, meant)),),
    )


def _open_string(source: Source, offset: int) -> Diagnostic:
    line_end = source.text.find("\n", offset)
    end = len(source.text) if line_end < 0 else line_end
    return Diagnostic(
        code="E107",
        span=Span(source, offset, end),
        message="this string is not closed on its line",
        found=shorten(source.text[offset:end].strip()),
        wanted='a string like "text", with \\" for a quote and \\\\ for a backslash',
        help='close it with `"` where it ends',
    )
