"""A table of steps as text: for a reader, a spreadsheet, a program, a page."""

from __future__ import annotations

import csv as csv_module
import io
import json as json_module
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from procdsl.tables.steps import COLUMNS, Row
from procdsl.types.constants import shorten

_CELL = 60
"""How wide a column is at most that a reader sees; a label table may have a thousand names."""
_CODE = ("operation", "arguments", "input", "output")
_FORMULA = ("=", "+", "-", "@")
"""With what a formula begins. A cell has no tab or line end: the language writes those escaped."""


def aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines with the columns of a table below each other."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        line = "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        yield line.rstrip()


def table(rows: Sequence[Row]) -> str:
    """Columns below each other, long cells cut."""
    cut = [[shorten(cell, _CELL) for cell in line] for line in _lines(rows)]
    return "".join(f"{line}\n" for line in aligned(cut))


def csv(rows: Sequence[Row]) -> str:
    """Comma-separated values.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, by which
    spreadsheets know a text.
    """
    file = io.StringIO()
    writer = csv_module.writer(file, lineterminator="\n")
    writer.writerows([[_harmless(cell) for cell in line] for line in _lines(rows)])
    return file.getvalue()


def json(rows: Sequence[Row]) -> str:
    """A list of objects, with the columns as keys."""
    return json_module.dumps([row._asdict() for row in rows], indent=2) + "\n"


def markdown(rows: Sequence[Row]) -> str:
    """A table of Markdown as GitHub has it."""
    header, *body = _lines(rows)
    cells = ([_cell(*pair) for pair in zip(header, line, strict=True)] for line in body)
    lines = [header, ["---"] * len(header), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _lines(rows: Sequence[Row]) -> list[list[str]]:
    """The header and the rows, as texts."""
    return [list(COLUMNS), *([str(cell) for cell in row] for row in rows)]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cell(column: str, cell: str) -> str:
    """Text of the language as code, in which Markdown reads nothing but the bar of a table."""
    if column not in _CODE or not cell:
        return cell
    fence = "`" * (1 + max(map(len, re.findall(r"`+", cell)), default=0))
    space = " " if cell.startswith("`") or cell.endswith("`") else ""
    return f"{fence}{space}{cell}{space}{fence}".replace("|", r"\|")


TEXTS: Mapping[str, Callable[[Sequence[Row]], str]] = {
    "table": table,
    "csv": csv,
    "json": json,
    "md": markdown,
}
