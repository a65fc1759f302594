"""Text with a name, and places in it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from procdsl.records import dataclass


@dataclass(frozen=True, eq=False)
class Source:
    """A file's text; `name` is how messages speak of the file.

    What is generated speaks of it by its `title`, which is the same wherever it was compiled.
    """

    name: str
    text: str
    title: str = ""

    def __post_init__(self) -> None:
        if not self.title:
            title = self.name.replace("\\", "/").rpartition("/")[2]
            object.__setattr__(self, "title", title)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for offset, character in enumerate(self.text):
            if character == "\n":
                starts.append(offset + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line break."""
        start = self._line_starts[number - 1]
        ends = self._line_starts[number : number + 1]
        return self.text[start : ends[0] if ends else len(self.text)].rstrip("\r\n")

    def line_start(self, offset: int) -> int:
        """The offset at which the line of `offset` begins."""
        return self._line_starts[bisect_right(self._line_starts, offset) - 1]


@dataclass(frozen=True)
class Span:
    """The characters `start` to `end` (exclusive) of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def shares_line(self, other: Span) -> bool:
        """Whether the other span begins on one of this span's lines."""
        first, last = (self.source.position(offset)[0] for offset in (self.start, self.end))
        return first <= self.source.position(other.start)[0] <= last

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of another."""
        return Span(self.source, self.start, other.end)
