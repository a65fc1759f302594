"""The bytes of a model file: read where they are wanted, and copied without being held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from procdsl.records import dataclass

_CHUNK = 1 << 20


class BadModelFile(ValueError):
    """What is wrong with a model file, in words."""


@dataclass(frozen=True)
class Data:
    """What a file holds: its size, and `fetch(start, count)`, which reads some of it."""

    size: int
    fetch: Callable[[int, int], bytes]

    def read(self, start: int, count: int) -> bytes:
        """Just so many bytes from a place."""
        if count < 0 or start < 0 or start + count > self.size:
            raise BadModelFile(
                f"it has {self.size:,} bytes, and names {start:,} to {start + count:,}: it was cut "
                "off, or damaged"
            )
        found = self.fetch(start, count)
        if len(found) != count:
            raise BadModelFile("it became shorter while it was read")
        return found

    def head(self, count: int) -> bytes:
        """Its first bytes, at most so many."""
        return self.read(0, min(count, self.size))


def in_memory(data: bytes) -> Data:
    """Bytes that are held as a whole."""
    return Data(len(data), lambda start, count: data[start : start + count])


@dataclass(frozen=True)
class Span:
    """The bytes from `start` to `end` (exclusive) of the file that is written anew."""

    start: int
    end: int


Piece: TypeAlias = bytes | Span
"""A part of a file that is written: new bytes, or some of the old file's."""


def chunks(data: Data, span: Span) -> Iterator[bytes]:
    """The bytes of a span, some at a time."""
    for start in range(span.start, span.end, _CHUNK):
        yield data.read(start, min(_CHUNK, span.end - start))
