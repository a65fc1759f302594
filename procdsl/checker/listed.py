"""The names that a file lists, one on each line, or as JSON: `let classes from "classes.txt"`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from procdsl import limits
from procdsl.records import dataclass
from procdsl.source import Source, Span
from procdsl.types.constants import shorten, show

JSON = ".json"
"""What the path of a file ends in that is JSON; any other has a name on each line."""


@dataclass
class NoList(Exception):
    """Why a file is no list of names: where that is seen, what stands there, and what helps."""

    span: Span
    found: str
    wanted: str
    help: str


def names(source: Source) -> tuple[str, ...]:
    """The names in a file, as they stand there; `NoList` where they are not told without doubt."""
    _check_length(source, len(source.text), limits.FILE_CHARACTERS, "characters")
    placed = _of_json(source) if source.title.lower().endswith(JSON) else _of_lines(source)
    if not placed:
        raise NoList(Span(source, 0, 0), "no name", "one or more", "write a name on each line")
    _check_length(source, len(placed), limits.NAMED, "names")
    for text, span in placed:
        _check_length(source, len(text), limits.NAMED_CHARACTERS, "characters in a name", span)
    return tuple(text for text, _ in placed)


Placed = tuple[str, Span]
"""A name, and where it stands."""


def _of_lines(source: Source) -> list[Placed]:
    placed = [(match[1], Span(source, *match.span(1))) for match in _lines(source.text)]
    for text, span in placed:
        number = source.position(span.start)[0]
        control = next((c for c in text if ord(c) < 32 or ord(c) == 127), "")
        if control:
            raise NoList(
                span,
                f"a character that cannot be printed, {ord(control):#04x}, in line {number}",
                "a name on each line",
                f"leave it out, or give the names as JSON, in a file that ends in `{JSON}`",
            )
        if not text:
            raise NoList(
                span,
                f"line {number}, which is empty",
                "a name on each line: line 1 is that of id 0",
                "remove the line where it stands for nothing; an id without a name gets one",
            )
        if text != text.strip() and len(text) > 1:
            raise NoList(
                span,
                f"{show(shorten(text))}, with a blank at an end, in line {number}",
                "a name and nothing beside it",
                f"remove the blank; where it is meant, give the names as JSON, in a file that "
                f"ends in `{JSON}`",
            )
    return placed


def _lines(text: str) -> Iterator[re.Match[str]]:
    """The lines of a text, of which the last may be ended or not."""
    return (line for line in re.finditer(r"([^\n]*?)\r?(?:\n|\Z)", text) if line[0])


def _of_json(source: Source) -> list[Placed]:
    try:
        data = json.loads(source.text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        at = min(getattr(error, "pos", 0), len(source.text))
        deep = isinstance(error, RecursionError)
        said = "nested too deep" if deep else getattr(error, "msg", "a number of too many digits")
        raise _no_json(source, Span(source, at, at), f"no JSON: {said}") from None
    whole = Span(source, 0, 0)
    if not isinstance(data, list):
        raise _no_json(source, whole, f"{shorten(json.dumps(data))}, which is no list")
    pairs = source.text.lstrip()[:1] == "{"
    strings = re.finditer(r'"(?:[^"\\]|\\.)*"', source.text)
    spans = [Span(source, *match.span()) for match in strings]
    texts = [value for _, value in data] if pairs else data
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            before = spans[2 * i if pairs else i - 1] if pairs or i else whole
            shown = shorten(json.dumps(text))
            raise _no_json(source, before, f"{shown} as entry {i}, which is no text")
        try:
            text.encode()
        except UnicodeEncodeError:
            found = f"half of a surrogate pair in entry {i}, which is no text"
            raise _no_json(source, spans[2 * i + 1 if pairs else i], found) from None
    if not pairs:
        return list(zip(texts, spans, strict=True))
    for i, (key, _) in enumerate(data):
        if key != str(i):
            raise _no_json(source, spans[2 * i], f"the key {show(shorten(key))} as entry {i}")
    return list(zip(texts, spans[1::2], strict=True))


def _no_json(source: Source, span: Span, found: str) -> NoList:
    line = source.position(span.start)[0]
    return NoList(
        span,
        f"{found}, in line {line}",
        'a list of texts, `["cat", "dog"]`, or an object whose keys are the ids in their order, '
        '`{"0": "cat", "1": "dog"}`',
        "write the names in the order of their ids, from 0 on",
    )


def _check_length(
    source: Source, count: int, most: int, what: str, span: Span | None = None
) -> None:
    if count > most:
        raise NoList(
            span or Span(source, 0, 0),
            f"{count:,} {what}",
            f"{most:,} at most",
            "is this the file that is meant?",
        )
