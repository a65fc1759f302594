"""The fields of a protobuf message, without its schema, and without holding what they contain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from procdsl.modelfile.data import BadModelFile, Data, Span
from procdsl.records import dataclass

_MOST = 500_000
_CHUNK = 4096
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True)
class Field:
    """One field: its number, and its value, a whole number or the place of its bytes."""

    number: int
    value: int | Span
    whole: Span
    """Where the field stands, with its tag."""

    @property
    def span(self) -> Span:
        """The place of its bytes, or of the message in it."""
        if isinstance(self.value, int):
            raise BadModelFile(f"field {self.number} is a number where bytes were expected")
        return self.value


Message: TypeAlias = Iterator[Field]


def fields(data: Data, span: Span) -> Message:
    """The fields of the message that these bytes are."""
    position, chunk, chunk_start = span.start, b"", span.start

    def byte() -> int:
        nonlocal position, chunk, chunk_start
        if position >= span.end:
            raise BadModelFile("a field of it is cut off")
        if not 0 <= position - chunk_start < len(chunk):
            chunk_start = position
            chunk = data.read(position, min(_CHUNK, span.end - position))
        position += 1
        return chunk[position - 1 - chunk_start]

    def varint() -> int:
        found = 0
        for shift in range(0, 70, 7):
            part = byte()
            found |= (part & 0x7F) << shift
            if part < 0x80:
                return found
        raise BadModelFile("a number of it is longer than ten bytes")

    for _ in range(_MOST):
        if position == span.end:
            return
        start = position
        tag = varint()
        number, wire = tag >> 3, tag & 7
        value: int | Span
        if wire == _VARINT:
            value = varint()
        elif wire in (_BYTES, _FIXED64, _FIXED32):
            count = varint() if wire == _BYTES else {_FIXED64: 8, _FIXED32: 4}[wire]
            value = Span(position, position + count)
            position += count
        else:
            raise BadModelFile(f"a field of it is of the unknown wire type {wire}")
        if number == 0 or position > span.end:
            raise BadModelFile("a field of it is cut off, or damaged")
        yield Field(number, value, Span(start, position))
    raise BadModelFile(f"a message of it has more than {_MOST:,} fields")


def text(data: Data, span: Span, most: int) -> str:
    """The text that a field holds."""
    if span.end - span.start > most:
        raise BadModelFile(
            f"a text of it has {span.end - span.start:,} bytes, more than the {most:,} that are "
            "read"
        )
    try:
        return data.read(span.start, span.end - span.start).decode()
    except UnicodeDecodeError:
        raise BadModelFile("a text of it is not UTF-8") from None


def encoded(number: int, value: bytes) -> bytes:
    """A field that holds bytes."""
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])
